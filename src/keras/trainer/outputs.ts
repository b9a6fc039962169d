/**
 * @file Matching settings of `compile` — losses, metrics, weights — with a model's outputs.
 */
import { ValueError } from "../../core/errors.js";
import type { Tensor } from "../../core/tensor.js";
import { flattenTree } from "../../core/tree.js";
import { isStructure } from "../base/structure.js";

/** One output of a model with its label. */
export interface Output {
  /** Its key, where outputs are an object. */
  readonly name: string | null;
  readonly yTrue: Tensor | null;
  readonly yPred: Tensor;
}

/**
 * The outputs of a model beside their labels, in order.
 *
 * @throws {ValueError} the structures differ
 */
export function pairOutputs(yTrue: unknown, yPred: unknown): Output[] {
  if (!isStructure(yPred)) return [{ name: null, yTrue: onlyLabel(yTrue), yPred: yPred as Tensor }];
  const predictions = flattenTree(yPred) as Tensor[];
  const names = Array.isArray(yPred) ? null : Object.keys(yPred);
  const isFlat = names === null || names.length === predictions.length;
  const labels =
    names !== null && isFlat && isStructure(yTrue) && !Array.isArray(yTrue)
      ? names.map((name) => (yTrue as Record<string, Tensor>)[name] ?? null)
      : yTrue === null
        ? predictions.map(() => null)
        : (flattenTree(yTrue) as (Tensor | null)[]);
  if (labels.length !== predictions.length) {
    throw new ValueError(
      `y_true and y_pred have different structures.\ny_true: ${describe(yTrue)}\ny_pred: ${describe(yPred)}\n`,
    );
  }
  return predictions.map((prediction, i) => ({
    name: isFlat && names !== null ? names[i]! : null,
    yTrue: labels[i]!,
    yPred: prediction,
  }));
}

function onlyLabel(yTrue: unknown): Tensor | null {
  if (!isStructure(yTrue)) return (yTrue as Tensor | null) ?? null;
  const leaves = flattenTree(yTrue) as Tensor[];
  if (leaves.length === 1) return leaves[0]!;
  throw new ValueError(
    `y_true and y_pred have different structures.\ny_true: ${describe(yTrue)}\ny_pred: *\n`,
  );
}

function describe(structure: unknown): string {
  if (Array.isArray(structure)) return `[${structure.map(describe).join(", ")}]`;
  if (!isStructure(structure)) return "*";
  return `{${Object.entries(structure)
    .map(([key, value]) => `'${key}': ${describe(value)}`)
    .join(", ")}}`;
}

/** Whether a setting is an object keyed by output, rather than an object that is a setting itself. */
export const isKeyed = (setting: unknown): setting is Record<string, unknown> =>
  typeof setting === "object" && setting !== null && !Array.isArray(setting) && !("class_name" in setting);

/**
 * A setting for each output: from a list, in order, or from an object, by name.
 *
 * @throws {ValueError} it does not fit the outputs
 */
export function settingPerOutput<T>(
  setting: readonly T[] | Record<string, T>,
  outputs: readonly Output[],
  what: string,
): (T | null)[] {
  if (Array.isArray(setting)) {
    if (setting.length === outputs.length) return setting;
    throw new ValueError(
      `\`${what}\`: expected one entry for each of ${outputs.length} outputs, got ${setting.length}`,
    );
  }
  const keyed = setting as Record<string, T>;
  const names = outputs.map(({ name }) => name);
  const stranger = Object.keys(keyed).find((key) => !names.includes(key));
  if (stranger !== undefined) {
    throw new ValueError(
      `\`${what}\`: '${stranger}' is not an output of the model; its outputs are [${names.map((name) => `'${name}'`).join(", ")}]`,
    );
  }
  return names.map((name) => keyed[name!] ?? null);
}
