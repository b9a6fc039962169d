/**
 * @file Graphs as data: what a traced function does, op by op. `O` is the op's record, of which a graph knows only the name.
 */
import type { DType } from "./dtype.js";

/** An array that flows through a graph: shape and dtype, and no values yet. Sizes may be open. Identity is the object. */
export interface GraphValue {
  readonly shape: readonly number[];
  readonly dtype: DType;
  readonly size: number;
}

/** Numbers known when the graph is made: an array, or one number for a scalar, which may be an open size. */
export type ConstantData = number | ArrayLike<number>;

/** One op at work. */
export interface GraphNode<O> {
  readonly op: O;
  readonly attrs: Readonly<Record<string, any>>;
  readonly inputs: readonly GraphValue[];
  readonly outputs: readonly GraphValue[];
  /** The user's line that asked for it, where it is known. */
  readonly line: string | null;
}

/** Ops in an order in which they can run. Changed by no one: passes make new graphs. */
export interface Graph<O> {
  readonly inputs: readonly GraphValue[];
  readonly constants: ReadonlyMap<GraphValue, ConstantData>;
  readonly nodes: readonly GraphNode<O>[];
  /** May name inputs and constants, and one value several times. */
  readonly outputs: readonly GraphValue[];
}
