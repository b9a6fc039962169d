/** @file Formulas in x and y that people type: read, checked, and evaluated on tensors. */
import * as tf from "nabla";

/** What is wrong with a formula, in a sentence. */
export class FormulaError extends Error {
  override name = "FormulaError";
}

/** A formula that was understood. */
export interface Formula {
  readonly source: string;
  /** The value at each pair of elements of x and y, which have the same shape. */
  at(x: tf.Tensor, y: tf.Tensor): tf.Tensor;
}

type Value = number | tf.Tensor;
type Evaluate = (x: tf.Tensor, y: tf.Tensor) => Value;

/** A function on numbers and the same on tensors. */
interface Operation {
  readonly numbers: (...values: number[]) => number;
  readonly tensors: (...values: any[]) => tf.Tensor;
}

const functions: Record<string, Operation> = {
  sin: { numbers: Math.sin, tensors: tf.sin },
  cos: { numbers: Math.cos, tensors: tf.cos },
  tan: { numbers: Math.tan, tensors: tf.tan },
  tanh: { numbers: Math.tanh, tensors: tf.tanh },
  exp: { numbers: Math.exp, tensors: tf.exp },
  log: { numbers: Math.log, tensors: tf.math.log },
  sqrt: { numbers: Math.sqrt, tensors: tf.sqrt },
  abs: { numbers: Math.abs, tensors: tf.abs },
  min: { numbers: Math.min, tensors: tf.minimum },
  max: { numbers: Math.max, tensors: tf.maximum },
};
const twoArguments = new Set(["min", "max"]);
const constants: Record<string, number> = { pi: Math.PI, e: Math.E };

const operators: Record<string, Operation> = {
  "+": { numbers: (a, b) => a! + b!, tensors: tf.add },
  "-": { numbers: (a, b) => a! - b!, tensors: tf.subtract },
  "*": { numbers: (a, b) => a! * b!, tensors: tf.multiply },
  "/": { numbers: (a, b) => a! / b!, tensors: tf.divide },
  "^": { numbers: (a, b) => a! ** b!, tensors: tf.pow },
};
const negation: Operation = { numbers: (a) => -a!, tensors: tf.negative };

/** Constants are computed once, in 64 bits, until they meet a variable. */
function combine({ numbers, tensors }: Operation, parts: readonly Evaluate[]): Evaluate {
  return (x, y) => {
    const values = parts.map((part) => part(x, y));
    return values.every((value) => typeof value === "number") ? numbers(...values) : tensors(...values);
  };
}

/** Formulas nest, and so does their reader: a limit keeps it from running out of stack. */
const longest = 300;

const tokenPattern = /\s*(?:(\d+\.?\d*(?:e[+-]?\d+)?|\.\d+(?:e[+-]?\d+)?)|([a-z]+)|(\*\*|[-+*/^(),]))/iy;

interface Token {
  readonly kind: "number" | "name" | "sign" | "end";
  readonly text: string;
}

function tokensOf(source: string): Token[] {
  const tokens: Token[] = [];
  tokenPattern.lastIndex = 0;
  let position = 0;
  while (source.slice(position).trim() !== "") {
    const match = tokenPattern.exec(source);
    if (match === null)
      throw new FormulaError(`"${source.slice(position).trim()[0]}" means nothing in a formula`);
    const [, number, name, sign] = match;
    if (number !== undefined) tokens.push({ kind: "number", text: number });
    else if (name !== undefined) tokens.push({ kind: "name", text: name.toLowerCase() });
    else tokens.push({ kind: "sign", text: sign === "**" ? "^" : sign! });
    position = tokenPattern.lastIndex;
  }
  return [...tokens, { kind: "end", text: "the end" }];
}

const quoted = ({ kind, text }: Token): string => (kind === "end" ? text : `"${text}"`);

/** Reads by recursive descent: sums of products of powers. */
class Reader {
  private position = 0;
  readonly variables = new Set<string>();

  constructor(private readonly tokens: readonly Token[]) {}

  private get next(): Token {
    return this.tokens[this.position]!;
  }

  private take(...texts: string[]): Token | null {
    const { next } = this;
    if (next.kind !== "sign" || !texts.includes(next.text)) return null;
    this.position++;
    return next;
  }

  private expect(text: string, where: string): void {
    if (this.take(text) === null)
      throw new FormulaError(`expected "${text}" ${where}, found ${quoted(this.next)}`);
  }

  whole(): Evaluate {
    const value = this.sum();
    const { next } = this;
    if (next.kind === "end") return value;
    const before = this.tokens[this.position - 1]!;
    if (next.text === ")" || next.text === ",")
      throw new FormulaError(`${quoted(next)} has no "(" before it`);
    throw new FormulaError(`expected an operator between ${quoted(before)} and ${quoted(next)}, such as *`);
  }

  private sum(): Evaluate {
    let value = this.product();
    for (let sign = this.take("+", "-"); sign !== null; sign = this.take("+", "-")) {
      value = combine(operators[sign.text]!, [value, this.product()]);
    }
    return value;
  }

  private product(): Evaluate {
    let value = this.signed();
    for (let sign = this.take("*", "/"); sign !== null; sign = this.take("*", "/")) {
      value = combine(operators[sign.text]!, [value, this.signed()]);
    }
    return value;
  }

  /** As in mathematics, −x² is −(x²). */
  private signed(): Evaluate {
    if (this.take("+")) return this.signed();
    if (this.take("-")) return combine(negation, [this.signed()]);
    return this.power();
  }

  private power(): Evaluate {
    const base = this.atom();
    return this.take("^") ? combine(operators["^"]!, [base, this.signed()]) : base;
  }

  private atom(): Evaluate {
    const token = this.next;
    if (token.kind === "number") {
      this.position++;
      return () => Number(token.text);
    }
    if (token.kind === "name") {
      this.position++;
      return this.named(token.text);
    }
    if (this.take("(")) {
      const value = this.sum();
      this.expect(")", 'to close "("');
      return value;
    }
    throw new FormulaError(`expected a number, x, y or "(", found ${quoted(token)}`);
  }

  private named(name: string): Evaluate {
    if (name === "x" || name === "y") {
      this.variables.add(name);
      return name === "x" ? (x) => x : (_x, y) => y;
    }
    if (Object.hasOwn(constants, name)) return () => constants[name]!;
    if (!Object.hasOwn(functions, name)) {
      const known = [...Object.keys(constants), ...Object.keys(functions)].join(", ");
      throw new FormulaError(`"${name}" is unknown; known are x, y, ${known}`);
    }
    this.expect("(", `after "${name}"`);
    const values = [this.sum()];
    if (twoArguments.has(name)) {
      this.expect(",", `and a second value in "${name}"`);
      values.push(this.sum());
    }
    this.expect(")", `to close "${name}("`);
    return combine(functions[name]!, values);
  }
}

/**
 * Reads a formula in x and y: numbers, `+ - * / ^`, parentheses, pi, e, and functions such as sin and max.
 *
 * @throws {FormulaError} it is empty, too long, has unknown words or signs, or is no formula in x or y
 */
export function parseFormula(source: string): Formula {
  if (source.trim() === "") throw new FormulaError("a formula is expected, such as x^2 + y^2");
  if (source.length > longest)
    throw new FormulaError(`at most ${longest} characters are read, got ${source.length}`);
  const reader = new Reader(tokensOf(source));
  const evaluate = reader.whole();
  if (reader.variables.size === 0)
    throw new FormulaError("it contains neither x nor y, so there is no way down");
  // With a variable in it, the value is a tensor; one of a single variable still has its shape.
  return { source, at: (x, y) => evaluate(x, y) as tf.Tensor };
}
