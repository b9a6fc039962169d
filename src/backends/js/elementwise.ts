/**
 * @file Elementwise ops in JavaScript: one strided inner loop per op and dtypes, rendered from the lane.
 */
import { arrayConstructor, DTYPES, type DType, type TypedArray } from "../../core/dtype.js";
import type { Attrs, ElementwiseOp } from "../../core/op.js";
import { broadcastShapes, SCALAR, type Shape, sameShape, stridesOf } from "../../core/shape.js";
import { type Spec, specOf } from "../../core/spec.js";
import { Tensor } from "../../core/tensor.js";
import { lane as build } from "../../ir/lane.js";
import { type TypedLane, typeLane } from "../../ir/typedLane.js";
import { compileWithHelpers, laneClosure, laneText, laneWords } from "./renderLane.js";
import { planStrips, runStrips, type StripKernel, stripKernel } from "./strips.js";

/** Strips of one and two inputs, without the lists. */
type UnaryKernel = (out: TypedArray, n: number, a: TypedArray, attrs: Attrs) => void;
type BinaryKernel = (
  out: TypedArray,
  n: number,
  a: TypedArray,
  sa: number,
  b: TypedArray,
  sb: number,
  attrs: Attrs,
) => void;

interface Kernels {
  readonly dtype: DType;
  readonly code: number;
  readonly make: new (size: number) => TypedArray;
  readonly strip: StripKernel;
  readonly unary: UnaryKernel;
  readonly binary: BinaryKernel;
  /** One element from up to three numbers. */
  readonly scalar: (a: number, b: number, c: number, attrs: Attrs) => number;
}

function typedLane(op: ElementwiseOp, dtypes: readonly DType[], attrs: Attrs): TypedLane {
  const inputs = Object.fromEntries(op.inputs.map((name) => [name, build.input(name)]));
  const types = Object.fromEntries(op.inputs.map((name, i) => [name, dtypes[i]!]));
  return typeLane(op.lane(inputs, attrs), types, dtypes[0]!);
}

/** Renders the kernels of one op for given input dtypes. */
function renderKernels(op: ElementwiseOp, dtypes: readonly DType[], attrs: Attrs): Kernels {
  const typed = typedLane(op, dtypes, attrs);
  const strip = stripKernel(op.inputs, [typed]);
  const make = arrayConstructor(typed.dtype) as new (size: number) => TypedArray;
  return {
    dtype: typed.dtype,
    code: specOf([], typed.dtype).code,
    make,
    strip,
    scalar: scalarKernel(op, typed),
    unary:
      loopText<UnaryKernel>(op, typed, "out, n, a, attrs", () => "a[i]") ??
      ((out, n, a, at) => strip(n, [a, out], [0, 0], [1, 1], at)),
    binary:
      loopText<BinaryKernel>(op, typed, "out, n, a, sa, b, sb, attrs", (k) =>
        k === 0 ? "a[i * sa]" : "b[i * sb]",
      ) ?? ((out, n, a, sa, b, sb, at) => strip(n, [a, b, out], [0, 0, 0], [sa, sb, 1], at)),
  };
}

/** The lane as a function of numbers. */
function scalarKernel(op: ElementwiseOp, typed: TypedLane): Kernels["scalar"] {
  const compiled = withHelpers<Kernels["scalar"]>(
    typed,
    (input) => "abc"[op.inputs.indexOf(input)]!,
    "a, b, c, attrs",
    (value) => `return ${value};`,
  );
  if (compiled !== null) return compiled;
  const element = laneClosure(typed);
  const [first, second, third] = op.inputs;
  return (a, b, c, attrs) => element({ inputs: { [first!]: a, [second ?? ""]: b, [third ?? ""]: c }, attrs });
}

/** Compiles `body` as a function of `parameters`. */
function withHelpers<F extends Function>(
  typed: TypedLane,
  name: (input: string) => string,
  parameters: string,
  body: (value: string) => string,
): F | null {
  const words = laneWords(name);
  const value = laneText(typed, words);
  return compileWithHelpers(parameters, body(value), words);
}

function loopText<F extends Function>(
  op: ElementwiseOp,
  typed: TypedLane,
  parameters: string,
  element: (input: number) => string,
): F | null {
  if (op.inputs.length !== (parameters.includes("b") && parameters.includes("sb") ? 2 : 1)) return null;
  const reads = op.inputs.map((_, k) => `const v${k} = ${element(k)};`).join(" ");
  return withHelpers<F>(
    typed,
    (input) => `v${op.inputs.indexOf(input)}`,
    parameters,
    (value) => `for (let i = 0; i < n; i++) { ${reads} out[i] = ${value}; }`,
  );
}

/** Steps of an input along the output's axes: 0 where it is broadcast. */
function broadcastSteps(shape: Shape, out: Shape): number[] {
  const steps = new Array<number>(out.length).fill(0);
  let step = 1;
  for (let i = 1; i <= shape.length; i++) {
    const n = shape[shape.length - i]!;
    if (n !== 1) steps[out.length - i] = step;
    step *= n;
  }
  return steps;
}

/** The runner of an elementwise op, with its kernels cached by dtype. */
export function bindElementwise(op: ElementwiseOp): (inputs: Tensor[], attrs: Attrs) => Tensor {
  const cache: (Kernels | undefined)[] = [];
  const variants = new Map<string, (Kernels | undefined)[]>();
  const { variant } = op;

  const kernelsFor = (inputs: readonly Tensor[], attrs: Attrs, key: number): Kernels => {
    let table = cache;
    if (variant !== null) {
      const name = variant(attrs);
      table = variants.get(name) ?? [];
      variants.set(name, table);
    }
    return (table[key] ??= renderKernels(
      op,
      inputs.map((input) => DTYPES[input.spec.code]!),
      attrs,
    ));
  };

  if (op.inputs.length === 1) {
    return (inputs, attrs) => {
      const x = inputs[0]!;
      const { code } = x.spec;
      const kernels = (variant === null ? cache[code] : undefined) ?? kernelsFor(inputs, attrs, code);
      if (x.spec.shape === SCALAR)
        return new Tensor(kernels.scalar(x.first, 0, 0, attrs), outputSpec(x.spec, kernels));
      const out = new kernels.make(x.spec.size);
      kernels.unary(out, out.length, x.storage, attrs);
      return new Tensor(out, outputSpec(x.spec, kernels));
    };
  }

  if (op.inputs.length === 2) {
    return (inputs, attrs) => {
      const a = inputs[0]!;
      const b = inputs[1]!;
      const key = a.spec.code * 16 + b.spec.code;
      const kernels = (variant === null ? cache[key] : undefined) ?? kernelsFor(inputs, attrs, key);
      if (a.spec.shape === SCALAR && b.spec.shape === SCALAR) {
        return new Tensor(kernels.scalar(a.first, b.first, 0, attrs), outputSpec(a.spec, kernels));
      }
      if (a.spec === b.spec || sameShape(a.spec.shape, b.spec.shape))
        return runFlat(kernels, a.spec, a, 1, b, 1, attrs);
      if (isScalarBeside(b.spec, a.spec)) return runFlat(kernels, a.spec, a, 1, b, 0, attrs);
      if (isScalarBeside(a.spec, b.spec)) return runFlat(kernels, b.spec, a, 0, b, 1, attrs);
      return runGeneral(op, kernels, inputs, attrs);
    };
  }

  return (inputs, attrs) => {
    let key = 0;
    let scalar = inputs.length === 3;
    for (let i = 0; i < inputs.length; i++) {
      const { spec } = inputs[i]!;
      key = key * 16 + spec.code;
      if (spec.shape !== SCALAR) scalar = false;
    }
    const kernels = (variant === null ? cache[key] : undefined) ?? kernelsFor(inputs, attrs, key);
    if (!scalar) return runGeneral(op, kernels, inputs, attrs);
    const [a, b, c] = inputs as [Tensor, Tensor, Tensor];
    return new Tensor(kernels.scalar(a.first, b.first, c.first, attrs), specOf(SCALAR, kernels.dtype));
  };
}

/** The output's spec: the input's own where it is the same, so that small ops make no new ones. */
const outputSpec = (like: Spec, kernels: Kernels): Spec =>
  like.code === kernels.code ? like : specOf(like.shape, kernels.dtype);

/** Whether a tensor is one number that every element of the other meets. */
const isScalarBeside = (scalar: Spec, other: Spec): boolean =>
  scalar.size === 1 && scalar.shape.length <= other.shape.length;

function runFlat(
  kernels: Kernels,
  like: Spec,
  a: Tensor,
  sa: number,
  b: Tensor,
  sb: number,
  attrs: Attrs,
): Tensor {
  const out = new kernels.make(like.size);
  kernels.binary(out, out.length, a.storage, sa, b.storage, sb, attrs);
  return new Tensor(out, outputSpec(like, kernels));
}

function runGeneral(op: ElementwiseOp, kernels: Kernels, inputs: readonly Tensor[], attrs: Attrs): Tensor {
  const shape = inputs.map((input) => input.shape).reduce((p, q) => broadcastShapes(p, q, op.name));
  const spec = specOf(shape, kernels.dtype);
  const out = new kernels.make(spec.size);
  const strips = planStrips(shape, [
    ...inputs.map((input) => broadcastSteps(input.shape, shape)),
    stridesOf(shape),
  ]);
  const arrays = [...inputs.map((input) => input.storage), out];
  runStrips(
    strips,
    kernels.strip,
    arrays,
    arrays.map(() => 0),
    attrs,
  );
  return new Tensor(out, spec);
}
