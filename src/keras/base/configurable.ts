/**
 * @file Functions with settings that are written as plain data and made again from it: losses, metrics, initializers, …
 */
import { CallableObject } from "./callable.js";
import { type Config, optionsFromConfig, type SerializedObject, serializeObject } from "./serialization.js";

export abstract class ConfigurableObject extends CallableObject {
  abstract getConfig(): Config;

  static fromConfig<T>(this: new (...args: any[]) => T, config: Config): T {
    return new this(optionsFromConfig(config));
  }

  toJSON(): SerializedObject {
    return serializeObject(this);
  }
}

/** The class of such functions with the call signature `Call`. */
type ConfigurableClass<Call extends object> = (abstract new () => ConfigurableObject & Call) &
  Pick<typeof ConfigurableObject, "fromConfig">;

/** Their base, with the call signature `Call` in its type. */
export const configurable = <Call extends object>(): ConfigurableClass<Call> => ConfigurableObject as never;
