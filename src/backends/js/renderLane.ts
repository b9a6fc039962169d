/**
 * @file Lanes as JavaScript: as text for compiled kernels, and as closures where the host forbids text.
 *
 * Both round at every node: float32 with Math.fround, int32 with |0, uint8 with &255.
 */
import { storable } from "../../core/convert.js";
import type { DType } from "../../core/dtype.js";
import type { LaneFunction } from "../../ir/lane.js";
import type { TypedLane } from "../../ir/typedLane.js";
import { floatFunctions, integerFunctions } from "./mathFunctions.js";

const isInteger = (dtype: DType): boolean => dtype === "int32" || dtype === "uint8";

/** The function a lane function stands for on values of a dtype. */
export function functionFor(fn: LaneFunction, dtype: DType): (...args: number[]) => number {
  return (isInteger(dtype) ? integerFunctions[fn] : undefined) ?? floatFunctions[fn];
}

/** Smallest and largest values of a dtype. */
export const LIMITS: Record<"lowest" | "highest", (dtype: DType) => number> = {
  lowest: (dtype) => (dtype === "int32" ? -2147483648 : isInteger(dtype) || dtype === "bool" ? 0 : -Infinity),
  highest: (dtype) =>
    dtype === "int32" ? 2147483647 : dtype === "uint8" ? 255 : dtype === "bool" ? 1 : Infinity,
};

const wrapText = (text: string, dtype: DType): string => {
  if (dtype === "float32") return `fround(${text})`;
  if (dtype === "int32") return `(${text} | 0)`;
  return dtype === "uint8" ? `(${text} & 255)` : text;
};

/** Functions that are one JavaScript expression. The rest are calls of the table. */
const INFIX: Partial<Record<LaneFunction, (a: string, b: string) => string>> = {
  add: (a, b) => `(${a} + ${b})`,
  sub: (a, b) => `(${a} - ${b})`,
  mul: (a, b) => `(${a} * ${b})`,
  div: (a, b) => `(${a} / ${b})`,
  neg: (a) => `(-${a})`,
  lt: (a, b) => `(${a} < ${b} ? 1 : 0)`,
  le: (a, b) => `(${a} <= ${b} ? 1 : 0)`,
  gt: (a, b) => `(${a} > ${b} ? 1 : 0)`,
  ge: (a, b) => `(${a} >= ${b} ? 1 : 0)`,
  eq: (a, b) => `(${a} === ${b} ? 1 : 0)`,
  ne: (a, b) => `(${a} !== ${b} ? 1 : 0)`,
  and: (a, b) => `(${a} & ${b})`,
  or: (a, b) => `(${a} | ${b})`,
  xor: (a, b) => `(${a} ^ ${b})`,
  not: (a) => `(1 - ${a})`,
};

/** Functions whose result is exact in the dtype of their arguments: nothing to round. */
const EXACT = new Set<LaneFunction>(["min", "max", "abs", "sign", "floor", "ceil", "round", "trunc", "neg"]);

/** Text of a lane, with the functions it calls collected into `helpers` (name → function). */
export function laneText(
  node: TypedLane,
  name: (input: string) => string,
  helpers: Map<string, (...args: number[]) => number>,
): string {
  const text = (child: TypedLane): string => laneText(child, name, helpers);
  switch (node.kind) {
    case "input":
      return name(node.name);
    case "attr":
      return wrapText(`attrs.${node.name}`, node.dtype);
    case "const":
      return numberText(storable(node.value, node.dtype));
    case "limit":
      return numberText(LIMITS[node.which](node.dtype));
    case "cast":
      return castText(text(node.x), node.x.dtype, node.dtype);
    case "select":
      return `(${text(node.condition)} !== 0 ? ${text(node.yes)} : ${text(node.no)})`;
    case "call":
      return callText(node, node.args.map(text), helpers);
  }
}

function callText(
  node: TypedLane & { kind: "call" },
  args: string[],
  helpers: Map<string, (...args: number[]) => number>,
): string {
  const operand = node.args[0]!.dtype;
  const infix = isInteger(operand) && integerFunctions[node.fn] ? undefined : INFIX[node.fn];
  let text: string;
  if (infix) text = infix(args[0]!, args[1]!);
  else {
    const suffix = isInteger(operand) && integerFunctions[node.fn] ? "Int" : "";
    helpers.set(node.fn + suffix, functionFor(node.fn, operand));
    text = `h_${node.fn}${suffix}(${args.join(", ")})`;
  }
  const exact = node.dtype === "bool" || (EXACT.has(node.fn) && !isInteger(node.dtype));
  return exact ? text : wrapText(text, node.dtype);
}

const numberText = (value: number): string =>
  Object.is(value, -0) ? "-0" : value < 0 ? `(${value})` : String(value);

function castText(text: string, from: DType, to: DType): string {
  if (from === to) return text;
  if (to === "bool") return `(${text} !== 0 ? 1 : 0)`;
  return isWidening(from, to) ? text : wrapText(text, to);
}

const ORDER: readonly DType[] = ["bool", "uint8", "int32", "float64"];
const isWidening = (from: DType, to: DType): boolean =>
  to === "float64" || (ORDER.includes(from) && ORDER.includes(to) && ORDER.indexOf(from) < ORDER.indexOf(to));

/** Values of inputs and attributes when a lane is evaluated without compiled text. */
export interface LaneScope {
  readonly inputs: Readonly<Record<string, number>>;
  readonly attrs: Readonly<Record<string, number>>;
}

/** A lane as a closure. The slow road: used where text may not become code, and to check the text against. */
export function laneClosure(node: TypedLane): (scope: LaneScope) => number {
  switch (node.kind) {
    case "input":
      return ({ inputs }) => inputs[node.name]!;
    case "attr":
      return ({ attrs }) => storable(attrs[node.name]!, node.dtype);
    case "const": {
      const value = storable(node.value, node.dtype);
      return () => value;
    }
    case "limit": {
      const value = LIMITS[node.which](node.dtype);
      return () => value;
    }
    case "cast": {
      const x = laneClosure(node.x);
      return (scope) => storable(x(scope), node.dtype);
    }
    case "select": {
      const [condition, yes, no] = [node.condition, node.yes, node.no].map(laneClosure);
      return (scope) => (condition!(scope) !== 0 ? yes!(scope) : no!(scope));
    }
    case "call": {
      const args = node.args.map(laneClosure);
      const fn = functionFor(node.fn, node.args[0]!.dtype);
      return (scope) => storable(fn(...args.map((arg) => arg(scope))), node.dtype);
    }
  }
}
