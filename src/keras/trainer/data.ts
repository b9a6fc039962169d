/**
 * @file What `fit`, `evaluate` and `predict` are given, as tensors of one number of samples.
 */
import { toTensor } from "../../core/convert.js";
import { isFloat, type TypedArray } from "../../core/dtype.js";
import { ShapeError, ValueError } from "../../core/errors.js";
import { type Spec, specOf } from "../../core/spec.js";
import { Operand, Tensor, type TensorLike } from "../../core/tensor.js";
import { flattenTree, packTree } from "../../core/tree.js";
import { argmax, cast, squeeze } from "../../ops/public.js";
import { floatx } from "../base/config.js";
import { isStructure } from "../base/structure.js";

/** A tensor, numbers, or a list or object of tensors. */
export type Data = TensorLike | TypedArray | readonly Data[] | { readonly [name: string]: Data };

/** Inputs, labels and sample weights: tensors or structures of them; null where there are none. */
export type Batch = readonly [x: any, y: any, sampleWeight: any];

/** Data as tensors: numbers and floats in Keras's float type, other tensors as they are. */
export function asTensors(data: unknown, who: string): any {
  if (data === null || data === undefined) return null;
  if (isStructure(data))
    return packTree(
      data,
      flattenTree(data).map((leaf) => asTensors(leaf, who)),
    );
  const tensor =
    data instanceof Operand ? data.asTensor() : toTensor(data as TensorLike, plainDtype(data), who);
  const typed = isFloat(tensor.dtype) ? cast(tensor, floatx()) : tensor;
  if (typed.rank > 0) return typed;
  throw new ShapeError(`${who}: expected samples along a first axis, got a scalar`);
}

/** Numbers make floats; what has a dtype keeps it. */
const plainDtype = (data: unknown) =>
  ArrayBuffer.isView(data) || typeof data === "boolean" ? undefined : numbersOrBools(data);

function numbersOrBools(data: unknown) {
  let first: unknown = data;
  while (Array.isArray(first)) first = first[0];
  return typeof first === "number" ? floatx() : undefined;
}

const leavesOf = (structure: unknown): Tensor[] =>
  structure === null || structure === undefined ? [] : (flattenTree(structure) as Tensor[]);

/**
 * How many samples there are.
 *
 * @throws {ValueError} inputs, labels and weights disagree
 */
export function sampleCount([x, y, sampleWeight]: Batch): number {
  const leaves = [...leavesOf(x), ...leavesOf(y), ...leavesOf(sampleWeight)];
  const sizes = new Set(leaves.map((leaf) => leaf.shape[0]!));
  if (sizes.size === 1) return [...sizes][0]!;
  if (sizes.size === 0) throw new ValueError("None values not supported.");
  const rows = Object.entries({ x, y, sample_weight: sampleWeight })
    .filter(([, part]) => part !== null)
    .map(
      ([name, part]) =>
        `'${name}' sizes: ${leavesOf(part)
          .map((leaf) => leaf.shape[0])
          .join(", ")}\n`,
    );
  throw new ValueError(
    `Data cardinality is ambiguous. Make sure all arrays contain the same number of samples.${rows.join("")}`,
  );
}

/** Takes some rows of every tensor. */
export function mapLeaves(batch: Batch, f: (leaf: Tensor) => Tensor): Batch {
  const each = (part: unknown): unknown =>
    part instanceof Tensor ? f(part) : part === null ? null : packTree(part, leavesOf(part).map(f));
  return [each(batch[0]), each(batch[1]), each(batch[2])];
}

const specs = new WeakMap<Spec, Map<number, Spec>>();

/** The spec of some rows of a tensor; always the same object, so that shapes compare at once. */
function rowsSpec(spec: Spec, count: number): Spec {
  let byCount = specs.get(spec);
  if (byCount === undefined) specs.set(spec, (byCount = new Map()));
  let found = byCount.get(count);
  if (found === undefined) byCount.set(count, (found = specOf([count, ...spec.shape.slice(1)], spec.dtype)));
  return found;
}

/** Rows `from` up to `to`, without a copy. */
export function sliceRows(x: Tensor, from: number, to: number): Tensor {
  if (from === 0 && to === x.shape[0]) return x;
  const row = x.size / x.shape[0]!;
  return new Tensor(x.storage.subarray(from * row, to * row), rowsSpec(x.spec, to - from));
}

/** The rows at `order[from]` … `order[to − 1]`. */
export function pickRows(x: Tensor, order: Int32Array, from: number, to: number): Tensor {
  const row = x.size / x.shape[0]!;
  const source = x.storage;
  const picked = new (source.constructor as new (size: number) => TypedArray)((to - from) * row);
  for (let i = from, p = 0; i < to; i++) {
    const start = order[i]! * row;
    if (row > 16) {
      picked.set(source.subarray(start, start + row), p);
      p += row;
    } else for (let k = 0; k < row; k++) picked[p++] = source[start + k]!;
  }
  return new Tensor(picked, rowsSpec(x.spec, to - from));
}

/**
 * The last part of the data, for validation, and the rest.
 *
 * @param share  how much goes to validation, from 0 to 1
 * @throws {ValueError} one side would be empty
 */
export function splitForValidation(data: Batch, share: number): [Batch, Batch] {
  const count = sampleCount(data);
  const at = Math.floor(count * (1 - share));
  if (at === 0 || at === count) {
    throw new ValueError(
      `Training data contains ${count} samples, which is not sufficient to split it into a validation and training set ` +
        `as specified by \`validation_split=${share}\`. Either provide more data, or a different value for the ` +
        "`validation_split` argument.",
    );
  }
  return [mapLeaves(data, (x) => sliceRows(x, 0, at)), mapLeaves(data, (x) => sliceRows(x, at, count))];
}

/** Weights of classes, by class number; a class that is not there weighs 1. */
export type ClassWeight = Readonly<Record<number, number>>;

/**
 * Sample weights that follow from labels.
 *
 * @throws {ValueError} several outputs, no labels, or sample weights as well
 */
export function classWeights([x, y, sampleWeight]: Batch, weights: ClassWeight): Batch {
  if (sampleWeight !== null)
    throw new ValueError("You cannot `class_weight` and `sample_weight` at the same time.");
  if (!(y instanceof Tensor))
    throw new ValueError("`class_weight` is only supported for Models with a single output.");
  for (const key of Object.keys(weights)) {
    if (!Number.isInteger(Number(key)))
      throw new ValueError(`\`class_weight\`: expected class numbers as keys, got "${key}"`);
  }
  const isColumn = y.rank > 1 && y.shape.at(-1) === 1;
  const labels = y.rank === 1 ? y : isColumn ? squeeze(y, -1) : argmax(y, -1);
  const values = Array.from(labels.storage, (label) => weights[Math.round(label)] ?? 1);
  return [x, y, toTensor(values, floatx()).asTensor()];
}
