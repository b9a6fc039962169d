/**
 * @file Lanes as JavaScript: as text for compiled kernels, and as closures where the host forbids text.
 *
 * Both round at every node: float32 with Math.fround, int32 with |0, uint8 with &255.
 */
import { compileText } from "../../core/compileText.js";
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
const LIMITS: Record<"lowest" | "highest", (dtype: DType) => number> = {
  lowest: (dtype) => (dtype === "int32" ? -2147483648 : isInteger(dtype) || dtype === "bool" ? 0 : -Infinity),
  highest: (dtype) =>
    dtype === "int32" ? 2147483647 : dtype === "uint8" ? 255 : dtype === "bool" ? 1 : Infinity,
};

/** Text of an expression rounded or wrapped as its dtype holds it. */
export const wrapText = (text: string, dtype: DType): string => {
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

/** What the text of a lane is made of. */
export interface LaneWords {
  /** How the text names an input. */
  input(name: string): string;
  /** How it names a run-time number; or the number itself, where the text is made for one run. */
  attr(name: string): string | number;
  /** The functions that the text calls as h_name, collected as it is made. */
  readonly helpers: Map<string, (...args: number[]) => number>;
  /** Names of nodes whose values have been computed already. */
  readonly known?: ReadonlyMap<TypedLane, string>;
}

/** Words with helpers of their own, where attributes are properties of an object `attrs`. */
export const laneWords = (input: LaneWords["input"]): LaneWords => ({
  input,
  attr: (name) => `attrs.${name}`,
  helpers: new Map(),
});

/** A function of `parameters` whose body uses lanes' text, or null where the host forbids it. */
export function compileWithHelpers<F extends Function>(
  parameters: string,
  body: string,
  { helpers }: LaneWords,
): F | null {
  const names = [...helpers.keys()].map((fn) => `h_${fn}`);
  const factory = compileText<(...args: unknown[]) => F>(
    ["fround", ...names],
    `return function (${parameters}) {\n${body}\n};`,
  );
  return factory === null ? null : factory(Math.fround, ...helpers.values());
}

/** Text of a lane: one expression. */
export function laneText(node: TypedLane, words: LaneWords): string {
  const text = (child: TypedLane): string => laneText(child, words);
  const known = words.known?.get(node);
  if (known !== undefined) return known;
  switch (node.kind) {
    case "input":
      return words.input(node.name);
    case "attr": {
      const value = words.attr(node.name);
      return typeof value === "string"
        ? wrapText(value, node.dtype)
        : numberText(storable(value, node.dtype));
    }
    case "const":
      return numberText(storable(node.value, node.dtype));
    case "limit":
      return numberText(LIMITS[node.which](node.dtype));
    case "cast":
      return castText(text(node.x), node.x.dtype, node.dtype);
    case "select":
      return `(${text(node.condition)} !== 0 ? ${text(node.yes)} : ${text(node.no)})`;
    case "call":
      return callText(node, node.args.map(text), words);
  }
}

function callText(node: TypedLane & { kind: "call" }, args: string[], { helpers }: LaneWords): string {
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

/** A number as it is written in text. */
export const numberText = (value: number): string =>
  Object.is(value, -0) ? "(-0)" : value < 0 ? `(${value})` : String(value);

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

export type LaneClosure = (scope: LaneScope) => number;

/** A lane as a closure. The slow road: used where text may not become code, and to check the text against. */
export function laneClosure(node: TypedLane): LaneClosure {
  return nodeClosure(node, laneClosure);
}

/** A node as a closure over those of the nodes below it. */
export function nodeClosure(node: TypedLane, below: (child: TypedLane) => LaneClosure): LaneClosure {
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
      const x = below(node.x);
      return (scope) => storable(x(scope), node.dtype);
    }
    case "select": {
      const [condition, yes, no] = [node.condition, node.yes, node.no].map(below);
      return (scope) => (condition!(scope) !== 0 ? yes!(scope) : no!(scope));
    }
    case "call": {
      const args = node.args.map(below);
      const fn = functionFor(node.fn, node.args[0]!.dtype);
      return (scope) => storable(fn(...args.map((arg) => arg(scope))), node.dtype);
    }
  }
}
