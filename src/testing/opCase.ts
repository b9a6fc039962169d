/**
 * @file Op cases: for every op, inputs it must get right. They stand beside the room, in `*.cases.ts`, and the tests of
 * all ops are generated from them.
 */
import type { DType } from "../core/dtype.js";
import type { NablaError } from "../core/errors.js";
import type { Accepts, Attrs, Op } from "../core/op.js";
import type { NestedNumbers } from "../core/tensor.js";

/** Inputs that an op takes. */
export interface OpCase {
  /** Numbers; those whose dtype the op shares take each of `dtypes` in turn. */
  readonly inputs: readonly NestedNumbers[];
  readonly attrs?: Attrs;
  /** Dtypes to try; default all that the op accepts. */
  readonly dtypes?: readonly DType[];
  /** Whether the op has derivatives there that finite differences can see; default true. False at ties, kinks, poles. */
  readonly smooth?: boolean;
  /** The inputs (by place) to differentiate with respect to; default all floats. */
  readonly wrt?: readonly number[];
}

/** A call that must fail, and how. */
export interface ErrorCase {
  readonly call: () => unknown;
  readonly throws: new (message: string) => NablaError;
}

export type AnyCase = OpCase | ErrorCase;

/** One list of cases for each op that a room exports: a forgotten one is a type error. */
export type CasesOf<Room> = {
  readonly [Name in keyof Room as Room[Name] extends Op ? Name : never]: readonly AnyCase[];
};

export interface OpWithCases {
  readonly op: Op;
  readonly cases: readonly AnyCase[];
}

/**
 * The cases of a room: `export const cases = casesOf(room, { sinOp: unary([0, 1, 2]) })`.
 *
 * @param room   the room's module, `import * as room from "./room.js"`
 * @param cases  a list for each op it exports
 */
export function casesOf<Room extends object>(room: Room, cases: CasesOf<Room>): OpWithCases[] {
  return Object.entries(cases as Record<string, readonly AnyCase[]>).map(([name, list]) => ({
    op: (room as Record<string, unknown>)[name] as Op,
    cases: list,
  }));
}

/** The dtypes a case is tried with: those its op accepts. */
const ACCEPTED: Record<Accepts, readonly DType[]> = {
  any: ["float32", "float64", "int32", "uint8", "bool"],
  numeric: ["float32", "float64", "int32", "uint8"],
  float: ["float32", "float64"],
  bool: ["bool"],
};

export const dtypesOf = (op: Op, { dtypes }: OpCase): readonly DType[] => dtypes ?? ACCEPTED[op.accepts];

/** The settings of a family of cases. */
export type CaseOptions = Omit<OpCase, "inputs">;

/** Cases of an op with one input: some points as a vector, as a matrix, one as a scalar, and none at all. */
export function unary(points: readonly number[], options: CaseOptions = {}): OpCase[] {
  return [
    { inputs: [points], ...options },
    { inputs: [[points, [...points].reverse()]], ...options },
    { inputs: [points[0]!], ...options },
    { inputs: [[]], ...options },
    { inputs: [[[], []]], ...options },
  ];
}

/** Cases of an op with two inputs: pairs of points, and every way to broadcast. */
export function binary(x: readonly number[], y: readonly number[], options: CaseOptions = {}): OpCase[] {
  const column = x.slice(0, 2).map((value) => [value]);
  return [
    { inputs: [x, y], ...options },
    { inputs: [x[0]!, y[0]!], ...options },
    { inputs: [x, y[0]!], ...options },
    { inputs: [x[0]!, y], ...options },
    { inputs: [column, y.slice(0, 3)], ...options },
    { inputs: [[x, x], y], ...options },
    { inputs: [[column, column], [y.slice(0, 3)]], ...options },
    { inputs: [[], y[0]!], ...options },
    { inputs: [[[], []], []], ...options },
  ];
}

/** A call that must throw an error of a class. */
export const fails = (throws: ErrorCase["throws"], call: () => unknown): ErrorCase => ({ call, throws });
