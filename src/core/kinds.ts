/**
 * @file Constructors of the six kinds of ops. The library's own ops and a user's are made with the same ones.
 */
import type { Lane } from "../ir/lane.js";
import { lane } from "../ir/lane.js";
import { typeLane } from "../ir/typedLane.js";
import type { DType } from "./dtype.js";
import { ValueError } from "./errors.js";
import { objectBuilder } from "./objectBuilder.js";
import type {
  Accepts,
  Attrs,
  CompositeOp,
  ContractionLoop,
  ContractionOp,
  ElementwiseOp,
  Flat,
  GradRule,
  InputRole,
  LaneState,
  Op,
  OpaqueOp,
  OpBase,
  OpKind,
  ReductionOp,
  ViewOp,
  ViewPlan,
} from "./op.js";
import { broadcastShapes, reducedShape } from "./shape.js";
import { Spec, specOf } from "./spec.js";
import type { Tensor } from "./tensor.js";

type OutputName = "y" | `y${number}`;

interface Common<I extends string, S extends I | OutputName, A extends object, D> {
  /** TensorFlow's op type without version suffix. */
  readonly name: string;
  readonly inputs: readonly I[];
  /** What inputs that do not share the promoted dtype must be. */
  readonly roles?: Partial<Record<I, InputRole>>;
  readonly accepts?: Accepts;
  readonly saves?: readonly S[];
  readonly linear?: boolean;
  /** Runs even if nobody needs the result: it may throw. */
  readonly effect?: boolean;
  /** Omitted: the gradient is looked up in the registry. Null: not differentiable. */
  readonly grad?: GradRule<I, S, A, D> | null;
}

/** An op's dtype where the record does not say: that of its first shared input. */
type Infer<A extends object> = (inputs: readonly Spec[], attrs: A) => Inferred | readonly Inferred[];

/** What an op's record says of an output. */
type Inferred = Pick<Spec, "shape" | "dtype">;

const toSpec = (given: Inferred): Spec => (given instanceof Spec ? given : specOf(given.shape, given.dtype));

function base<K extends OpKind>(
  kind: K,
  definition: Common<string, string & OutputName, any, any>,
  infer: Infer<any>,
  shape: { variadic?: boolean; multiple?: boolean; partial?: boolean } = {},
): OpBase & { kind: K } {
  const { name, inputs, saves = [] } = definition;
  for (const saved of saves as readonly string[]) {
    if (!inputs.includes(saved) && !/^y\d*$/.test(saved)) {
      throw new ValueError(`op ${name}: saves "${saved}", which is neither an input nor an output`);
    }
  }
  const roles = inputs.map((input) => definition.roles?.[input] ?? "T");
  return {
    kind,
    name,
    inputs,
    roles,
    uniform: roles.every((role) => role === "T"),
    accepts: definition.accepts ?? "numeric",
    saves,
    grad: definition.grad as OpBase["grad"],
    linear: definition.linear ?? false,
    effect: definition.effect ?? false,
    variadic: shape.variadic ?? false,
    multiple: shape.multiple ?? false,
    partial: shape.partial ?? false,
    infer: (specs, attrs) => {
      const result = infer(specs, attrs);
      return Array.isArray(result) ? result.map(toSpec) : [toSpec(result as Inferred)];
    },
    save: objectBuilder(inputs, saves),
    run: null,
  };
}

/**
 * What a kind adds to the common part. Added property by property, all records of a kind have one hidden class in the engine, as
 * spreading does not give: the road of every op is a fifth shorter.
 */
const record = <O extends Op>(common: OpBase, own: Omit<O, keyof OpBase>): O =>
  Object.assign(common, own) as unknown as O;

/**
 * An op that treats every element alike, with broadcasting. Its `lane` is the whole kernel, on every backend.
 *
 * @example
 * const cubeOp = tf.elementwise({
 *   name: "Cube", inputs: ["x"], saves: ["x"],
 *   lane: ({ x }) => tf.lane.mul(x, tf.lane.mul(x, x)),
 *   grad: (dy, { x }) => ({ x: () => tf.multiply(dy, tf.multiply(3, tf.square(x))) }),
 * });
 * tf.apply(cubeOp, [2]).item() // 8
 */
export function elementwise<
  const I extends string,
  const S extends I | OutputName = never,
  A extends object = Attrs,
>(
  definition: Common<I, S, A, Tensor> & {
    lane(inputs: Readonly<Record<I, Lane>>, attrs: A): Lane;
    variant?: (attrs: A) => string;
  },
): ElementwiseOp {
  const inputs = Object.fromEntries(definition.inputs.map((name) => [name, lane.input(name)])) as Record<
    I,
    Lane
  >;
  const infer = (specs: readonly Spec[], attrs: A): Spec => {
    const dtypes = Object.fromEntries(definition.inputs.map((name, i) => [name, specs[i]!.dtype]));
    const { dtype } = typeLane(definition.lane(inputs, attrs), dtypes, specs[0]!.dtype);
    return specOf(
      specs.map((s) => s.shape).reduce((a, b) => broadcastShapes(a, b, definition.name)),
      dtype,
    );
  };
  return record<ElementwiseOp>(base("elementwise", definition as never, infer), {
    lane: (_, attrs) => definition.lane(inputs, attrs as A),
    variant: (definition.variant as ElementwiseOp["variant"]) ?? null,
  });
}

/** Attributes of every reduction. */
export interface ReduceAttrs {
  /** Axes counted from the front, ascending. */
  readonly axes: readonly number[];
  readonly keepdims: boolean;
}

/**
 * An op that folds elements along axes: a state per element, a combine, a finish. Elements are combined in one fixed
 * tree, so the result does not depend on the backend.
 */
export function reduction<const S extends "x" | OutputName = never>(
  definition: Omit<Common<"x", S, ReduceAttrs, Tensor>, "inputs"> & {
    identity: LaneState | null;
    element(x: Lane, index: Lane): LaneState;
    combine(a: LaneState, b: LaneState): LaneState;
    finish(state: LaneState, count: Lane): Lane;
    stateDtypes?: (input: DType) => Readonly<Record<string, DType>>;
    output?: (input: DType) => DType;
  },
): ReductionOp {
  const output = definition.output ?? ((dtype) => dtype);
  const infer = ([x]: readonly Spec[], { axes, keepdims }: ReduceAttrs): Spec => {
    if (definition.identity === null && axes.some((axis) => x!.shape[axis] === 0)) {
      throw new ValueError(
        `${definition.name}: nothing to reduce: ${x} has no elements along axes [${axes.join(", ")}]`,
      );
    }
    return specOf(reducedShape(x!.shape, axes, keepdims), output(x!.dtype));
  };
  const names = Object.keys(definition.element(lane.input("x"), lane.input("index")));
  return record<ReductionOp>(base("reduction", { ...definition, inputs: ["x"] } as never, infer), {
    identity: definition.identity,
    element: definition.element,
    combine: definition.combine,
    finish: definition.finish,
    stateDtypes:
      definition.stateDtypes ?? ((dtype) => Object.fromEntries(names.map((name) => [name, dtype]))),
  });
}

/** An op that only moves elements: an affine map from output to source, over a fill. */
export function view<
  const I extends string,
  const S extends I | OutputName = never,
  A extends object = Attrs,
  D = Tensor,
>(
  definition: Common<I, S, A, D> & {
    infer: (inputs: readonly Spec[], attrs: A) => Inferred;
    plan(inputs: readonly Spec[], attrs: A, output: Spec): ViewPlan;
    variadic?: boolean;
  },
): ViewOp {
  return record<ViewOp>(
    base("view", { accepts: "any", linear: true, ...definition } as never, definition.infer, definition),
    {
      plan: (inputs, attrs, output) => definition.plan(inputs, attrs as A, output),
    },
  );
}

/** A sum of products over named loops: matrix products, einsum, convolutions. */
export function contraction<
  const I extends string,
  const S extends I | OutputName = never,
  A extends object = Attrs,
>(
  definition: Common<I, S, A, Tensor> & {
    infer: (inputs: readonly Spec[], attrs: A) => Inferred;
    loops(inputs: readonly Spec[], attrs: A): readonly ContractionLoop[];
  },
): ContractionOp {
  return record<ContractionOp>(base("contraction", definition as never, definition.infer), {
    loops: (inputs, attrs) => definition.loops(inputs, attrs as A),
  });
}

/** An op written with other ops, with a gradient of its own that is stabler or cheaper than theirs. */
export function composite<
  const I extends string,
  const S extends I | OutputName = never,
  A extends object = Attrs,
  D = Tensor,
>(
  definition: Common<I, S, A, D> & {
    infer: Infer<A>;
    body(inputs: readonly Tensor[], attrs: A): Tensor | Tensor[];
    multiple?: boolean;
    variadic?: boolean;
  },
): CompositeOp {
  return record<CompositeOp>(base("composite", definition as never, definition.infer, definition), {
    body: (inputs, attrs) => definition.body(inputs, attrs as A),
  });
}

/** An op that needs a kernel of its own on each backend; the one given is the reference. */
export function opaque<
  const I extends string,
  const S extends I | OutputName = never,
  A extends object = Attrs,
  D = Tensor,
>(
  definition: Common<I, S, A, D> & {
    infer: Infer<A>;
    kernel(inputs: readonly Flat[], outputs: readonly Flat[], attrs: A): void;
    multiple?: boolean;
    variadic?: boolean;
    partial?: boolean;
    loop?: boolean;
  },
): OpaqueOp {
  return record<OpaqueOp>(base("opaque", definition as never, definition.infer, definition), {
    loop: definition.loop ?? false,
    kernel: (inputs, outputs, attrs) => definition.kernel(inputs, outputs, attrs as A),
  });
}
