/**
 * @file The one road every op takes: inputs become tensors of the right dtype, the device runs the op, recorders see it.
 */
import { isOpen } from "../ir/openSize.js";
import { containsOperand, tensorFrom, toTensor, typedArrayDtype, weakClassOf } from "./convert.js";
import { bindOp } from "./device.js";
import {
  type DType,
  dtypeClass,
  isInt,
  resultType,
  type TypedArray,
  type WeakClass,
  weakResultType,
} from "./dtype.js";
import { engine } from "./engine.js";
import { DtypeError, ValueError } from "./errors.js";
import type { Accepts, Attrs, Op } from "./op.js";
import { activeRecorders } from "./recorder.js";
import { specOf } from "./spec.js";
import { type NestedNumbers, Operand, Tensor, type TensorLike } from "./tensor.js";
import { activeTracer } from "./tracer.js";

const NO_ATTRS: Attrs = Object.freeze({});

/**
 * Runs an op with one output.
 *
 * @param op      the op's record
 * @param inputs  one value per input, in the record's order (any number for a variadic op); becomes the op's own
 * @param attrs   the op's settings
 * @throws {DtypeError} an input the op does not take
 * @throws {ShapeError} shapes that do not fit
 */
export function apply(op: Op, inputs: TensorLike[], attrs: Attrs = NO_ATTRS): Tensor {
  return run(op, inputs, attrs) as Tensor;
}

/** Runs an op with several outputs. */
export function applyMany(op: Op, inputs: TensorLike[], attrs: Attrs = NO_ATTRS): Tensor[] {
  return run(op, inputs, attrs) as Tensor[];
}

function run(op: Op, inputs: TensorLike[], attrs: Attrs): Tensor | Tensor[] {
  const tensors = prepare(op, inputs);
  const runner = (op.run ??= bindOp(op));
  const tracer = activeTracer();
  const result = tracer === null ? runner(tensors, attrs) : tracer.run(op, runner, tensors, attrs);
  const recorders = activeRecorders();
  if (recorders.length > 0) {
    const outputs = result instanceof Tensor ? [result] : result;
    for (let i = 0; i < recorders.length; i++) recorders[i]!.opRan(op, tensors, attrs, outputs);
  }
  return result;
}

/** Which dtype codes pass an op's `accepts` without conversion: float32 0, float64 1, int32 2, bool 3, uint8 4. */
const ACCEPTED: Record<Accepts, readonly boolean[]> = {
  any: [true, true, true, true, true],
  numeric: [true, true, true, false, true],
  float: [true, true, false, false, false],
  bool: [false, false, false, true, false],
};

/** The inputs as tensors, in place. The common case — tensors of one accepted dtype, and numbers — decides nothing. */
function prepare(op: Op, inputs: TensorLike[]): Tensor[] {
  if (!op.variadic && inputs.length !== op.inputs.length) {
    throw new ValueError(
      `${op.name}: expected ${op.inputs.length} inputs (${op.inputs.join(", ")}), got ${inputs.length}`,
    );
  }
  let code = -1;
  let simple = op.uniform;
  let numbers = false;
  for (let i = 0; i < inputs.length && simple; i++) {
    const input = inputs[i];
    if (typeof input === "number") {
      numbers = true;
      continue;
    }
    let tensor: Tensor;
    if (input instanceof Tensor) tensor = input;
    else if (input instanceof Operand) tensor = inputs[i] = input.asTensor();
    else {
      simple = false;
      break;
    }
    const other = tensor.spec.code;
    if (code === -1) code = other;
    else if (code !== other) simple = false;
  }
  if (!simple || code === -1 || !ACCEPTED[op.accepts][code] || (numbers && code > LAST_FLOAT))
    prepareSlowly(op, inputs);
  else if (numbers) {
    for (let i = 0; i < inputs.length; i++) {
      const input = inputs[i];
      if (typeof input === "number") inputs[i] = floatScalar(input, code);
    }
  }
  return inputs as Tensor[];
}

/** Codes of the float dtypes with kernels come first: float32 0, float64 1. */
const LAST_FLOAT = 1;

/** A number beside floats takes their dtype. */
const floatScalar = (value: number, code: number): Tensor =>
  new Tensor(code === 0 ? Math.fround(value) : value, FLOAT_SCALARS[code]!);

const FLOAT_SCALARS = [specOf([], "float32"), specOf([], "float64")];

function prepareSlowly(op: Op, inputs: TensorLike[]): void {
  for (let i = 0; i < inputs.length; i++) {
    const input = inputs[i]!;
    if (input instanceof Operand) inputs[i] = input.asTensor();
    else if (Array.isArray(input) && containsOperand(input)) inputs[i] = toTensor(input, undefined, op.name);
  }
  const role = (i: number) => op.roles[op.variadic ? 0 : i]!;
  const shared = sharedDtype(
    op,
    inputs.filter((_, i) => role(i) === "T"),
  );
  for (let i = 0; i < inputs.length; i++) {
    inputs[i] = toRole(op, inputs[i]!, role(i) === "T" ? shared : role(i), op.inputs[op.variadic ? 0 : i]!);
  }
}

/** The dtype that the inputs with a shared type make together, within what the op accepts. */
function sharedDtype(op: Op, inputs: readonly TensorLike[]): DType {
  let dtype: DType | null = null;
  let weak: WeakClass | null = null;
  for (const input of inputs) {
    const strong = input instanceof Tensor ? input.dtype : typedArrayDtype(input);
    if (strong !== null) dtype = dtype === null ? strong : resultType(dtype, strong);
    else weak = wider(weak, weakClass(input, op.name));
  }
  if (dtype === null) return accepted(op, weak === "bool" ? "bool" : "float32");
  return accepted(op, weak === null ? dtype : weakResultType(dtype, weak));
}

function weakClass(input: TensorLike, who: string): WeakClass {
  if (input === undefined || input === null)
    throw new DtypeError(`${who}: expected a tensor or numbers, got ${input}`);
  if (typeof input === "number" || typeof input === "boolean" || Array.isArray(input) || isOpen(input))
    return weakClassOf(input);
  throw new DtypeError(`${who}: expected a tensor or numbers, got ${typeof input} ${String(input)}`);
}

const CLASSES: readonly WeakClass[] = ["bool", "int", "float"];
const wider = (a: WeakClass | null, b: WeakClass): WeakClass =>
  a === null || CLASSES.indexOf(b) > CLASSES.indexOf(a) ? b : a;

function accepted(op: Op, dtype: DType): DType {
  const kind = dtypeClass(dtype);
  if (op.accepts === "float") return kind === "int" || kind === "bool" ? "float32" : dtype;
  if (op.accepts === "bool" && kind !== "bool")
    throw new DtypeError(`${op.name}: expected bool, got ${dtype}`);
  if (op.accepts === "numeric" && kind === "bool") {
    throw new DtypeError(`${op.name}: expected numbers, got bool; convert with tf.cast first`);
  }
  return dtype;
}

function toRole(op: Op, input: TensorLike, role: DType | "index" | "any" | "T", name: string): Tensor {
  const plain = input as NestedNumbers | TypedArray;
  if (role === "index") {
    if (!(input instanceof Tensor)) return indices(plain, `${op.name}, ${name}`);
    if (!isInt(input.dtype)) throw new DtypeError(`${op.name}: ${name} must be integers, got ${input.dtype}`);
    return input;
  }
  if (!(input instanceof Tensor))
    return role === "any" ? toTensor(plain, undefined, op.name) : tensorFrom(plain, role as DType, op.name);
  if (role === "any" || input.dtype === role) return input;
  if (role === "bool") throw new DtypeError(`${op.name}: ${name} must be bool, got ${input.dtype}`);
  return engine.cast(input, role as DType);
}

function indices(value: NestedNumbers | TypedArray, who: string): Tensor {
  const strong = typedArrayDtype(value);
  if (strong !== null ? !isInt(strong) : weakClassOf(value) === "float") {
    throw new DtypeError(`${who}: expected whole numbers, got ${String(value)}`);
  }
  return tensorFrom(value, "int32", who);
}
