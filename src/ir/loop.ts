/**
 * @file Loops over slices as data: one body, run once for each slice.
 */
import type { Graph } from "./graph.js";

/**
 * Inputs of the body: states, slices, captured values. Outputs: the next states, then what is collected of each round. Of the
 * loop: first states, arrays to be sliced along their first axis, captured values; last states, then the collections.
 */
export interface Loop<O> {
  readonly body: Graph<O>;
  readonly states: number;
  readonly sliced: number;
  readonly count: number;
  /** From the last slice to the first; collections stay with their slices. */
  readonly reverse: boolean;
}
