/**
 * @file What layers have for each of their weights — initializer, regularizer, constraint — and how it stands in configs.
 */
import * as activations from "../activations/index.js";
import { toSnakeCase } from "../base/naming.js";
import { type Config, type Serializable, serializeObject } from "../base/serialization.js";
import * as constraints from "../constraints/index.js";
import * as initializers from "../initializers/index.js";
import * as regularizers from "../regularizers/index.js";
import type { WeightOptions } from "./layerOptions.js";

export type WeightInitializer = ReturnType<typeof initializers.get>;
export type WeightRegularizer = ReturnType<typeof regularizers.get>;
export type WeightConstraint = ReturnType<typeof constraints.get>;

/** The options of layers that multiply by a kernel. */
export interface KernelOptions {
  /** Default "glorot_uniform". */
  kernelInitializer?: initializers.InitializerLike;
  kernelRegularizer?: regularizers.RegularizerLike;
  kernelConstraint?: constraints.ConstraintLike;
}

/** The options of layers that may add a bias. */
export interface BiasOptions {
  /** Default true. */
  useBias?: boolean;
  /** Default "zeros". */
  biasInitializer?: initializers.InitializerLike;
  biasRegularizer?: regularizers.RegularizerLike;
  biasConstraint?: constraints.ConstraintLike;
}

type Properties = Record<string, any>;

/**
 * Reads `<weight>Initializer`, `<weight>Regularizer` and `<weight>Constraint` from the options of a layer into its
 * properties of the same names.
 *
 * @param defaults  the default initializer of each weight
 */
export function readWeightOptions(
  layer: object,
  options: object,
  defaults: Readonly<Record<string, string>>,
): void {
  const given = options as Properties;
  const target = layer as Properties;
  for (const [weight, initializer] of Object.entries(defaults)) {
    target[`${weight}Initializer`] = initializers.get(given[`${weight}Initializer`] ?? initializer);
    target[`${weight}Regularizer`] = regularizers.get(given[`${weight}Regularizer`]);
    target[`${weight}Constraint`] = constraints.get(given[`${weight}Constraint`]);
  }
}

/** What `addWeight` takes of the properties that `readWeightOptions` wrote. */
export function weightOptions(layer: object, weight: string): WeightOptions {
  const {
    [`${weight}Initializer`]: initializer,
    [`${weight}Regularizer`]: regularizer,
    [`${weight}Constraint`]: constraint,
  } = layer as Properties;
  return { initializer, regularizer, constraint };
}

/** The names of the options that `readWeightOptions` reads. */
export const weightOptionNames = (...weights: readonly string[]): string[] =>
  weights.flatMap((weight) => [`${weight}Initializer`, `${weight}Regularizer`, `${weight}Constraint`]);

/** A config from the properties of an object, in the given order and in Python's spelling. */
export const configOf = (owner: object, names: readonly string[]): Config =>
  Object.fromEntries(
    names.map((name) => [toSnakeCase(name), plainValue(name, (owner as Properties)[name] ?? null)]),
  );

const isActivation = (name: string): boolean => /^(recurrentA|a)ctivation$/.test(name);

/** Initializers, regularizers and constraints as objects; functions of a user's own in their place have no config. */
function plainValue(name: string, value: unknown): unknown {
  if (isActivation(name)) return activations.serialize(value as activations.Activation);
  if (!/(Initializer|Regularizer|Constraint)$/.test(name)) return value;
  return value !== null && "getConfig" in (value as object) ? serializeObject(value as Serializable) : null;
}

/** A size that an option gives. */
export const isPositiveInteger = (value: unknown): value is number =>
  Number.isInteger(value) && (value as number) > 0;
