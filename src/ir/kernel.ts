/**
 * @file Kernels as data: loops over arrays, with what happens to each element as typed lanes. What graphs are lowered to, and
 * what backends render. Offsets and strides count elements.
 */
import type { DType } from "./dtype.js";
import type { TypedLane } from "./typedLane.js";

/** How a kernel walks one array: where it begins, and how far it moves per step of each loop (0: it stays). */
export interface Access {
  readonly dtype: DType;
  readonly offset: number;
  readonly strides: readonly number[];
}

/** An array a kernel reads: in lanes `input(name)`. */
export interface Source extends Access {
  readonly name: string;
}

/** An array a kernel writes, and what it puts there. */
export interface Target extends Access {
  /** Nodes that are one object are computed once, in this lane and in the kernel's others. */
  readonly lane: TypedLane;
}

interface KernelBase {
  readonly sources: readonly Source[];
  readonly targets: readonly Target[];
  /** Run-time numbers of the lanes' `attr` nodes, by name. Not part of a kernel's text. */
  readonly params: Readonly<Record<string, number>>;
}

/**
 * Loops over `shape`, outermost first; every target's lane is computed from the sources at the same position. A target may
 * be the same array as a source that has the same offset and strides.
 */
export interface MapKernel extends KernelBase {
  readonly kind: "map";
  readonly shape: readonly number[];
}

/** The lanes of a reduction's states, by state name. */
export type StateLanes = Readonly<Record<string, TypedLane>>;

/**
 * For every position of `shape`, reduces over the loops of `reduced` (row-major; strides of `sources` have an entry for each
 * loop of `shape`, then of `reduced`) in the fixed tree: see backends/js/reductionKernel.ts. Then targets, over `shape`
 * alone, are computed from the result, which is the lane input "result", and from `extras`.
 */
export interface ReduceKernel extends KernelBase {
  readonly kind: "reduce";
  readonly shape: readonly number[];
  readonly reduced: readonly number[];
  /** What is reduced: the lane input "x" of `element`, from the sources. */
  readonly x: TypedLane;
  readonly states: Readonly<Record<string, DType>>;
  /** State of nothing; null where reducing nothing is an error. */
  readonly identity: StateLanes | null;
  /** State of one element, from inputs "x" and "index" (int32, its row-major number among the reduced). */
  readonly element: StateLanes;
  /** State of two, from inputs "a_" and "b_" + state name. */
  readonly combine: StateLanes;
  /** The result, from inputs by state name and the attr "count". */
  readonly finish: TypedLane;
  /** Arrays that only the targets' lanes read; strides over `shape`. */
  readonly extras: readonly Source[];
}

/** One loop of a product: its length, and how far both factors move. */
export interface ProductLoop {
  /** `k` loops are summed over. `batch` moves a and b, `m` only a, `n` only b. */
  readonly role: "batch" | "m" | "n" | "k";
  readonly size: number;
  readonly a: number;
  readonly b: number;
}

/**
 * A sum of products: for every position of the loops that are not `k`, Σ a·b over the `k` loops, in `dtype`. Loops may
 * overlap in `a` (windows of convolutions). Targets are computed from the sum, which is the lane input "sum", and from
 * `sources`; their strides have an entry for each loop, 0 for `k`.
 */
export interface ContractKernel extends KernelBase {
  readonly kind: "contract";
  readonly dtype: DType;
  readonly a: Omit<Access, "strides">;
  readonly b: Omit<Access, "strides">;
  readonly loops: readonly ProductLoop[];
}

export type Kernel = MapKernel | ReduceKernel | ContractKernel;
