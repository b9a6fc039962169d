/** @file What rewritten code calls where an operand is not a number. */
import { Disposables } from "./disposables.js";

/**
 * The property by which a value takes part in operators: an object with a function per operator, each taking both
 * operands, of which either may be the value.
 */
export const operandKey: unique symbol = Symbol.for("nabla.operators");

/** A value of operator functions, as found under `Symbol.for("nabla.operators")`. */
export type OperandTable = Readonly<Partial<Record<OperatorName, (a: unknown, b?: unknown) => unknown>>>;

/** The operators that values may define. */
export type OperatorName =
  | "add"
  | "sub"
  | "mul"
  | "div"
  | "pow"
  | "mod"
  | "neg"
  | "lt"
  | "le"
  | "gt"
  | "ge"
  | "matmul";

/** The place of the statement that is running; one object that everybody shares. */
export interface LineMarker {
  file: string | null;
  line: number;
}

const markerKey = Symbol.for("nabla.sourceLine");

/** The shared place that statement markers write to. */
export function sourceLineMarker(): LineMarker {
  const shared = globalThis as unknown as Record<symbol, LineMarker | undefined>;
  return (shared[markerKey] ??= { file: null, line: 0 });
}

function tableOf(value: unknown): OperandTable | undefined {
  if (value === null || (typeof value !== "object" && typeof value !== "function")) return undefined;
  return (value as { [operandKey]?: OperandTable })[operandKey];
}

const describe = (value: unknown): string =>
  (value as { constructor?: { name?: string } }).constructor?.name || "this value";

/** The helper that rewritten code of one file calls; `line` is the line of the operator. */
export class Operators {
  private readonly marker = sourceLineMarker();

  constructor(private readonly file: string) {}

  add(a: any, b: any, line: number): unknown {
    const table = tableOf(a) ?? tableOf(b);
    if (table === undefined) return a + b;
    if (typeof a === "string" || typeof b === "string") return `${a}${b}`;
    return this.apply(table, "add", "+", a, b, line);
  }

  sub(a: any, b: any, line: number): unknown {
    const table = tableOf(a) ?? tableOf(b);
    return table === undefined ? a - b : this.apply(table, "sub", "-", a, b, line);
  }

  mul(a: any, b: any, line: number): unknown {
    const table = tableOf(a) ?? tableOf(b);
    return table === undefined ? a * b : this.apply(table, "mul", "*", a, b, line);
  }

  div(a: any, b: any, line: number): unknown {
    const table = tableOf(a) ?? tableOf(b);
    return table === undefined ? a / b : this.apply(table, "div", "/", a, b, line);
  }

  pow(a: any, b: any, line: number): unknown {
    const table = tableOf(a) ?? tableOf(b);
    return table === undefined ? a ** b : this.apply(table, "pow", "**", a, b, line);
  }

  mod(a: any, b: any, _line: number): unknown {
    const operand = tableOf(a) === undefined ? b : a;
    if (tableOf(operand) === undefined) return a % b;
    throw new TypeError(
      `% is not defined for a ${describe(operand)}: JavaScript's remainder takes the sign of the left side, tensors' ` +
        "that of the right. Write x.mod(y), or tf.math.floormod(x, y)",
    );
  }

  neg(a: any, line: number): unknown {
    const table = tableOf(a);
    return table === undefined ? -a : this.apply(table, "neg", "-", a, undefined, line);
  }

  plus(a: any, _line: number): unknown {
    if (tableOf(a) === undefined) return +a;
    throw new TypeError(
      `unary + turns a value into a number, and a ${describe(a)} is not one: write x.item() to get the number out of ` +
        "a scalar, or leave the + out",
    );
  }

  lt(a: any, b: any, line: number): boolean {
    const table = tableOf(a) ?? tableOf(b);
    return table === undefined ? a < b : this.compare(table, "lt", "<", a, b, line);
  }

  le(a: any, b: any, line: number): boolean {
    const table = tableOf(a) ?? tableOf(b);
    return table === undefined ? a <= b : this.compare(table, "le", "<=", a, b, line);
  }

  gt(a: any, b: any, line: number): boolean {
    const table = tableOf(a) ?? tableOf(b);
    return table === undefined ? a > b : this.compare(table, "gt", ">", a, b, line);
  }

  ge(a: any, b: any, line: number): boolean {
    const table = tableOf(a) ?? tableOf(b);
    return table === undefined ? a >= b : this.compare(table, "ge", ">=", a, b, line);
  }

  /** Called before `++` and `--` on anything but a number. */
  step(a: unknown, operator: string, _line: number): void {
    if (tableOf(a) === undefined) return;
    const sign = operator[0];
    throw new TypeError(
      `${operator} counts a number, and a ${describe(a)} does not change: write x = x ${sign} 1, or ` +
        `${sign === "+" ? "v.assignAdd(1)" : "v.assignSub(1)"} for a variable`,
    );
  }

  /** The key of a member that is read and then written: turned into a string once. */
  key(value: unknown): PropertyKey {
    if (typeof value === "number" || typeof value === "string" || typeof value === "symbol") return value;
    return Reflect.ownKeys({ [value as string]: 0 })[0]!;
  }

  /** Its first argument; the line that runs is `line` again after the call that made it. */
  at<Value>(value: Value, line: number): Value {
    this.marker.file = this.file;
    this.marker.line = line;
    return value;
  }

  /** A stack for the resources of `using` declarations. */
  disposables(): Disposables {
    return new Disposables();
  }

  private apply(
    table: OperandTable,
    name: OperatorName,
    operator: string,
    a: unknown,
    b: unknown,
    line: number,
  ): unknown {
    const method = table[name];
    if (method === undefined)
      throw new TypeError(`${operator} is not defined for a ${describe(tableOf(a) ? a : b)}`);
    this.marker.file = this.file;
    this.marker.line = line;
    return method(a, b);
  }

  private compare(
    table: OperandTable,
    name: OperatorName,
    operator: string,
    a: unknown,
    b: unknown,
    line: number,
  ): boolean {
    const result = this.apply(table, name, operator, a, b, line);
    if (typeof result === "boolean") return result;
    const scalar = result as { shape?: ArrayLike<unknown>; item?: () => unknown };
    if (scalar.shape?.length === 0 && scalar.item !== undefined) return Boolean(scalar.item());
    throw new TypeError(
      `a ${operator} b gives one true or false, so both sides must be scalars; the result here has shape ` +
        `[${Array.from(scalar.shape ?? []).join(", ")}]. Compare elements with tf.${comparisonFunction[name]}(a, b)`,
    );
  }
}

const comparisonFunction: Readonly<Partial<Record<OperatorName, string>>> = {
  lt: "less",
  le: "lessEqual",
  gt: "greater",
  ge: "greaterEqual",
};
