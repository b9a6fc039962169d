/**
 * @file What an op is: one record of one of six kinds. Here are the records' common part and the gradient they share;
 * the constructors of the kinds are in kinds.ts.
 */
import type { Lane } from "../ir/lane.js";
import type { DType, TypedArray } from "./dtype.js";
import type { IndexedSlices } from "./indexedSlices.js";
import type { Shape } from "./shape.js";
import type { Spec } from "./spec.js";
import type { Tensor } from "./tensor.js";

/** An op's settings beside its tensors: axis, strides, rates … */
export type Attrs = Readonly<Record<string, any>>;

/** Runs one op on tensors whose dtypes and count have been checked. */
export type Runner = (inputs: Tensor[], attrs: Attrs) => Tensor | Tensor[];

/** A gradient: dense, or rows of a table (what gather gives), or none. */
export type Grad = Tensor | IndexedSlices | null;

/** What a gradient rule may ask about the op it differentiates. */
export interface GradContext<I extends string = string, A extends object = Attrs> {
  readonly attrs: A;
  shapeOf(input: I): Shape;
  dtypeOf(input: I): DType;
  outputShape(index?: number): Shape;
  /** For variadic ops: how many inputs, and the shape of each. */
  readonly inputCount: number;
  shapeAt(i: number): Shape;
}

/** A gradient, or a function that makes it; functions are called only for inputs that need one. */
export type LazyGrad = Grad | (() => Grad);

/**
 * One gradient per input name; null means "none, on purpose". `dy` is the output's gradient, or the list of them for an
 * op with several outputs. `saved` holds exactly what `saves` named.
 */
export type GradRule<I extends string, S extends string, A extends object, D> = (
  dy: D,
  saved: Readonly<Record<S, Tensor>>,
  context: GradContext<I, A>,
) => Readonly<Record<I, LazyGrad>>;

/**
 * What an input must be:
 * - `"T"`: it shares one promoted dtype with the other `"T"` inputs
 * - `"index"`: integers; whole numbers serve
 * - `"any"`: its own dtype, whatever it is
 * - a dtype: exactly that
 */
export type InputRole = "T" | "index" | "any" | DType;

/** Which dtypes the shared type may be. `"float"` turns integers and booleans into float32. */
export type Accepts = "any" | "numeric" | "float" | "bool";

export type OpKind = "elementwise" | "reduction" | "view" | "contraction" | "composite" | "opaque";

/** The part that all kinds share. */
export interface OpBase {
  readonly kind: OpKind;
  /** TensorFlow's op type: the key in the gradient registry. */
  readonly name: string;
  readonly inputs: readonly string[];
  readonly roles: readonly InputRole[];
  /** All roles are `"T"`: the common case, checked once. */
  readonly uniform: boolean;
  readonly accepts: Accepts;
  /** What the backward pass keeps; `"y"` (or `"y0"`, `"y1"` …) is an output. */
  readonly saves: readonly string[];
  readonly grad: GradRule<string, string, Attrs, any> | null | undefined;
  /** The output is linear in all its inputs together, so its forward derivative is itself. */
  readonly linear: boolean;
  /** Matters even if nobody uses its output: a program keeps it. */
  readonly effect: boolean;
  /** Takes any number of tensors under its one input name (concat, stack). */
  readonly variadic: boolean;
  readonly multiple: boolean;
  /** The gradient rule is given null for outputs that no gradient came to, not zeros. */
  readonly partial: boolean;
  /** Shape and dtype of the outputs, or a ShapeError, before any arithmetic. */
  infer(inputs: readonly Spec[], attrs: Attrs): readonly Spec[];
  /** Puts what `saves` names into one object. */
  save(inputs: readonly Tensor[], outputs: readonly Tensor[]): Record<string, Tensor>;
  /** Filled by the device at the first call. */
  run: Runner | null;
}

export interface ElementwiseOp extends OpBase {
  readonly kind: "elementwise";
  /** What happens to one element; `attrs` only where `variant` says that they change the text. */
  lane(inputs: Readonly<Record<string, Lane>>, attrs: Attrs): Lane;
  /** The part of the attributes that changes the lane, as a cache key; null when none does. */
  readonly variant: ((attrs: Attrs) => string) | null;
}

/** The state of a reduction: one lane per name. */
export type LaneState = Readonly<Record<string, Lane>>;

export interface ReductionOp extends OpBase {
  readonly kind: "reduction";
  /** State of nothing. Null: reducing nothing is an error. */
  readonly identity: LaneState | null;
  /** State of one element; `index` counts along the reduced elements in row-major order (int32). */
  element(x: Lane, index: Lane): LaneState;
  combine(a: LaneState, b: LaneState): LaneState;
  /** The result; `count` is how many elements were reduced. */
  finish(state: LaneState, count: Lane): Lane;
  /** Dtype of each state, from the input's. */
  readonly stateDtypes: (input: DType) => Readonly<Record<string, DType>>;
}

/** One strided copy: loop over `shape`, read a source with one set of strides, write the output with another. */
export interface Copy {
  readonly source: number;
  readonly shape: Shape;
  readonly from: number;
  readonly fromStrides: readonly number[];
  readonly to: number;
  readonly toStrides: readonly number[];
}

/** Where a view's elements come from: the source's own storage, its only value repeated, or copies over a fill. */
export type ViewPlan =
  | "alias"
  | "repeat"
  | { readonly copies: readonly Copy[]; readonly fill: number | null };

export interface ViewOp extends OpBase {
  readonly kind: "view";
  plan(inputs: readonly Spec[], attrs: Attrs, output: Spec): ViewPlan;
}

/** One loop of a contraction: its length, and how far each array moves per step. */
export interface ContractionLoop {
  readonly role: "batch" | "m" | "n" | "k";
  readonly size: number;
  readonly a: number;
  readonly b: number;
  readonly out: number;
}

export interface ContractionOp extends OpBase {
  readonly kind: "contraction";
  loops(inputs: readonly Spec[], attrs: Attrs): readonly ContractionLoop[];
}

export interface CompositeOp extends OpBase {
  readonly kind: "composite";
  /** The op written with other ops; its records are dropped in favour of its own gradient. */
  body(inputs: readonly Tensor[], attrs: Attrs): Tensor | Tensor[];
}

/** A flat array with its shape, as opaque kernels see them. */
export interface Flat {
  readonly data: TypedArray;
  readonly shape: Shape;
  readonly dtype: DType;
}

export interface OpaqueOp extends OpBase {
  readonly kind: "opaque";
  /** Its attribute `loop` is an `ir/loop.ts` Loop, which a backend may run in its own way. */
  readonly loop: boolean;
  /** The reference kernel; outputs come allocated and zeroed. */
  kernel(inputs: readonly Flat[], outputs: readonly Flat[], attrs: Attrs): void;
}

export type Op = ElementwiseOp | ReductionOp | ViewOp | ContractionOp | CompositeOp | OpaqueOp;
