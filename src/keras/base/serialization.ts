/**
 * @file Objects as plain data, in Keras's layout: `{ module, class_name, config, registered_name }`.
 */
import { ValueError } from "../../core/errors.js";
import { toCamelCase, withSnakeCase } from "./naming.js";

/** Settings in Python's spelling, as they stand in files. */
export type Config = Record<string, any>;

/** An object as plain data. */
export interface SerializedObject {
  module: string | null;
  class_name: string;
  config: Config | string;
  registered_name: string | null;
  build_config?: Config;
  compile_config?: Config;
}

/** What can be written as plain data. */
export interface Serializable {
  getConfig(): Config;
}

/** A class that makes an object from its config. */
export interface SerializableClass<T = unknown> {
  readonly name: string;
  fromConfig(config: Config, customObjects?: Readonly<Record<string, unknown>>): T;
}

const publicModules = new WeakMap<object, string>();

/** Notes the public namespace of classes and functions, which configs name. */
export function exportFrom<M extends Readonly<Record<string, object>>>(module: string, members: M): M {
  for (const member of Object.values(members))
    if (!publicModules.has(member)) publicModules.set(member, module);
  return members;
}

/**
 * The classes of a public namespace by all their names: their own, the same in Python's spelling, and others.
 *
 * @param others  names that follow no rule
 */
export const classesByName = <T>(
  module: string,
  classes: Readonly<Record<string, object>>,
  others: Readonly<Record<string, object>> = {},
): Record<string, SerializableClass<T>> =>
  ({ ...withSnakeCase(exportFrom(module, classes)), ...others }) as Record<string, SerializableClass<T>>;

/** An object in Keras's layout. */
export function serializeObject(object: Serializable): SerializedObject {
  const { name } = object.constructor;
  const module = publicModules.get(object.constructor) ?? null;
  return {
    module,
    class_name: name,
    config: object.getConfig(),
    registered_name: module === null ? name : null,
  };
}

export const isSerialized = (x: unknown): x is SerializedObject =>
  typeof x === "object" && x !== null && "class_name" in x && "config" in x;

/** Options in this library's spelling from a config; the values stay as they are. */
export const optionsFromConfig = (config: Config): Record<string, any> =>
  Object.fromEntries(Object.entries(config).map(([key, value]) => [toCamelCase(key), value]));

/** What an identifier may be: a name, an object in Keras's layout, or the thing itself. */
export type Identifier<T> = string | SerializedObject | T;

/**
 * The class that a name or a config stands for, made into an object.
 *
 * @param kind     for the error: "loss", "metric" …
 * @param classes  what names stand for
 * @throws {ValueError} nothing has that name
 */
export function objectFrom<T>(
  identifier: unknown,
  kind: string,
  classes: Readonly<Record<string, SerializableClass<T>>>,
  customObjects: Readonly<Record<string, unknown>> = {},
): T {
  if (typeof identifier === "string") {
    const found = lookUp(classes, identifier);
    if (found !== undefined) return found.fromConfig({});
  } else if (isSerialized(identifier)) {
    const found =
      (customObjects[identifier.class_name] as SerializableClass<T>) ??
      lookUp(classes, identifier.class_name);
    if (found !== undefined) return found.fromConfig({ ...(identifier.config as Config) }, customObjects);
  }
  throw new ValueError(`Could not interpret ${kind} identifier: ${showIdentifier(identifier)}`);
}

/** The same where a function stands for itself, as do objects that are called like functions. */
export const functionOrObject = <T, F>(
  identifier: Identifier<T | F>,
  kind: string,
  classes: Readonly<Record<string, SerializableClass<T>>>,
): T | F => (typeof identifier === "function" ? (identifier as F) : objectFrom(identifier, kind, classes));

/** An own member of a table: names such as "constructor" stand for nothing. */
export const lookUp = <T>(table: Readonly<Record<string, T>>, name: string): T | undefined =>
  Object.hasOwn(table, name) ? table[name] : undefined;

/** How an identifier is written in errors. */
export function showIdentifier(identifier: unknown): string {
  if (isSerialized(identifier)) return JSON.stringify(identifier);
  return identifier === null ? "None" : String(identifier);
}
