/**
 * @file Lane functions as vector instructions, by the class of their arguments; those that have none call an imported function for
 * each element.
 */
import type { DType } from "../../ir/dtype.js";
import type { LaneFunction } from "../../ir/lane.js";
import type { TypedLane } from "../../ir/typedLane.js";
import type { FunctionBuilder, Local } from "./assembler.js";
import type { Four } from "./fours.js";
import { demote, narrowMask, promote } from "./laneCasts.js";
import { divideIntegers, integerDivision, knownDivisor } from "./laneDivision.js";
import {
  FLOAT64_MATH,
  VECTOR_MATH,
  type VectorFunction,
  type VectorFunctions,
  WIDE_MATH,
} from "./vectorMath.js";
import { VectorWriter } from "./vectors.js";

type Call = TypedLane & { readonly kind: "call" };
type Emitter = VectorFunction;
type Table = VectorFunctions;

const instruction =
  (name: string): Emitter =>
  (v, ...x) =>
    v.op(name, ...x);

/** An instruction that both float types have under their own prefix. */
const float =
  (name: string): Emitter =>
  (v, ...x) =>
    v.call(name, ...x);

const INFINITY = Number.POSITIVE_INFINITY;

/** ±1 with the sign of x; zeros and NaN as they are. */
function sign(v: VectorWriter, x: Local): Local {
  return v.select(v.gt(v.magnitude(x), 0), v.or(v.signBit(x), 1), x);
}

/** Functions of floats. Comparisons give masks as wide as the floats. */
const FLOAT: Table = {
  ...VECTOR_MATH,
  add: float("add"),
  sub: float("sub"),
  mul: float("mul"),
  div: float("div"),
  min: float("min"),
  max: float("max"),
  neg: float("neg"),
  abs: float("abs"),
  sign,
  sqrt: float("sqrt"),
  rsqrt: (v, x) => v.div(1, v.call("sqrt", x)),
  floor: float("floor"),
  ceil: float("ceil"),
  trunc: float("trunc"),
  round: float("nearest"),
  lt: float("lt"),
  le: float("le"),
  gt: float("gt"),
  ge: float("ge"),
  eq: float("eq"),
  ne: float("ne"),
  isnan: (v, x) => v.call("ne", x, x),
  isinf: (v, x) => v.eq(v.magnitude(x), INFINITY),
  isfinite: (v, x) => v.lt(v.magnitude(x), INFINITY),
};

const identity: Emitter = (_, x) => x as Local;
const never: Emitter = (v) => v.bits(0n);
const always: Emitter = (v) => v.bits(-1n);

/** Functions of int32 lanes, uint8 among them: results of arithmetic wrap afterwards. */
const INTEGER: Table = {
  add: instruction("i32x4.add"),
  sub: instruction("i32x4.sub"),
  mul: instruction("i32x4.mul"),
  min: instruction("i32x4.min_s"),
  max: instruction("i32x4.max_s"),
  neg: instruction("i32x4.neg"),
  abs: instruction("i32x4.abs"),
  sign: (v, x) => v.op("i32x4.max_s", v.op("i32x4.min_s", x, v.bits(1n)), v.bits(-1n)),
  floor: identity,
  ceil: identity,
  trunc: identity,
  round: identity,
  lt: instruction("i32x4.lt_s"),
  le: instruction("i32x4.le_s"),
  gt: instruction("i32x4.gt_s"),
  ge: instruction("i32x4.ge_s"),
  eq: instruction("i32x4.eq"),
  ne: instruction("i32x4.ne"),
  isnan: never,
  isinf: never,
  isfinite: always,
};

/** Functions of masks. Where true is −1, the order turns around. */
const BOOL: Table = {
  mul: instruction("v128.and"),
  min: instruction("v128.and"),
  max: instruction("v128.or"),
  and: instruction("v128.and"),
  or: instruction("v128.or"),
  xor: instruction("v128.xor"),
  not: (v, x) => v.op("v128.not", x),
  abs: identity,
  sign: identity,
  lt: instruction("i32x4.gt_s"),
  le: instruction("i32x4.ge_s"),
  gt: instruction("i32x4.lt_s"),
  ge: instruction("i32x4.le_s"),
  eq: instruction("i32x4.eq"),
  ne: instruction("v128.xor"),
  isnan: never,
  isinf: never,
  isfinite: always,
};

const TABLES: Partial<Record<DType, Table>> = {
  float32: FLOAT,
  float64: { ...FLOAT, ...FLOAT64_MATH },
  int32: INTEGER,
  uint8: INTEGER,
  bool: BOOL,
};

/** The emitter of a call in its own dtype. A square needs no powers. */
function emitterOf({ fn, args }: Call): Emitter | undefined {
  const table = TABLES[args[0]!.dtype];
  const [, exponent] = args;
  if (fn === "pow" && exponent?.kind === "const" && exponent.value === 2)
    return (v, x) => table!.mul!(v, x!, x!);
  return table?.[fn];
}
const wideEmitterOf = (fn: LaneFunction, dtype: DType): Emitter | undefined =>
  dtype === "float32" ? WIDE_MATH[fn] : undefined;

/** The imported function that a call needs, or null where instructions do. */
export function importOf(node: Call): string | null {
  const { dtype } = node.args[0]!;
  // Of division there is only the error left to call for: that of a divisor of 0.
  if (integerDivision(node) !== undefined) return knownDivisor(node) === null ? `${node.fn}Int` : null;
  if (emitterOf(node) ?? wideEmitterOf(node.fn, dtype)) return null;
  const integer = dtype === "int32" || dtype === "uint8";
  return integer && node.fn === "pow" ? "powInt" : node.fn;
}

/** Writes a call. */
export function callFour(f: FunctionBuilder, node: Call, args: readonly Four[], relaxed: boolean): Four {
  const { dtype } = node.args[0]!;
  const v = new VectorWriter(f, dtype === "float64" ? "f64x2" : "f32x4", relaxed);
  const imported = importOf(node);
  const division = integerDivision(node);
  if (division !== undefined) {
    const [dividend, divisor] = [args[0]![0]!, args[1]![0]!];
    if (imported !== null) {
      f.get(divisor).op("i32x4.all_true").op("i32.eqz");
      f.if(() => callImported(v, imported, node, args));
    }
    return [divideIntegers(v, division, [dividend, divisor], knownDivisor(node))];
  }
  if (imported !== null) return callImported(v, imported, node, args);
  const direct = emitterOf(node);
  if (direct === undefined) return callWide(v, wideEmitterOf(node.fn, dtype)!, args);
  const parts = args[0]!.map((_, i) => direct(v, ...args.map((arg) => arg[i]!)));
  if (node.dtype === "bool" && dtype === "float64") return narrowMask(v, parts);
  return node.dtype === "uint8" ? parts.map((part) => v.and(part, v.bits(255n))) : parts;
}

/** Computes a function of float32 in float64. */
function callWide(v: VectorWriter, emitter: Emitter, args: readonly Four[]): Four {
  const x = args.map((arg) => promote(v, arg[0]!));
  const parts = x[0]!.map((_, i) => emitter(v.as("f64x2"), ...x.map((arg) => arg[i]!)));
  return [demote(v, parts)];
}

/** Calls an imported function of numbers for each of the four elements. */
function callImported(v: VectorWriter, name: string, node: Call, args: readonly Four[]): Four {
  const { f } = v;
  const from = node.args[0]!.dtype;
  const parameters = args.map(() => "f64" as const);
  const target = f.module.import("env", name, parameters, ["f64"]);
  const result = constantZero(f, node.dtype);
  for (let lane = 0; lane < 4; lane++) {
    const part = result[node.dtype === "float64" ? lane >> 1 : 0]!;
    f.get(part);
    for (const arg of args) extractNumber(f, from, arg, lane);
    f.call(target);
    replaceNumber(f, node.dtype, lane);
    f.set(part);
  }
  return result;
}

const constantZero = (f: FunctionBuilder, dtype: DType): Four =>
  dtype === "float64" ? [f.local("v128"), f.local("v128")] : [f.local("v128")];

/** Leaves one of four elements on the stack, as float64. */
function extractNumber(f: FunctionBuilder, dtype: DType, x: Four, lane: number): void {
  if (dtype === "float64") {
    f.get(x[lane >> 1]!).lane("f64x2.extract_lane", lane & 1);
    return;
  }
  f.get(x[0]!);
  if (dtype === "float32") f.lane("f32x4.extract_lane", lane).op("f64.promote_f32");
  else {
    f.lane("i32x4.extract_lane", lane);
    if (dtype === "bool") f.i32(1).op("i32.and");
    f.op("f64.convert_i32_s");
  }
}

/** Puts the float64 on the stack into the vector below it. */
function replaceNumber(f: FunctionBuilder, dtype: DType, lane: number): void {
  switch (dtype) {
    case "float64":
      f.lane("f64x2.replace_lane", lane & 1);
      return;
    case "float32":
      f.op("f32.demote_f64").lane("f32x4.replace_lane", lane);
      return;
    case "bool":
      f.f64(0).op("f64.ne").i32(-1).op("i32.mul").lane("i32x4.replace_lane", lane);
      return;
    default:
      f.op("i64.trunc_sat_f64_s").op("i32.wrap_i64");
      if (dtype === "uint8") f.i32(255).op("i32.and");
      f.lane("i32x4.replace_lane", lane);
  }
}
