/** @file A small value that takes part in operators, for tests of the rewrite without the tensor engine. */

/** A symbolic value: an operation on it gives one that says what was done. */
export class Term {
  constructor(
    readonly text: string,
    readonly value: number | null = null,
  ) {}

  get [Symbol.for("nabla.operators")](): object {
    return operators;
  }

  [Symbol.toPrimitive](hint: string): string {
    if (hint === "string") return this.text;
    throw new TypeError("a term is not a number");
  }

  toString(): string {
    return this.text;
  }
}

const text = (value: unknown): string =>
  value instanceof Term ? value.text : Array.isArray(value) ? JSON.stringify(value) : String(value);
const number = (value: unknown): number => (value instanceof Term ? value.value! : Number(value));

const binary = (sign: string) => (a: unknown, b: unknown) => new Term(`(${text(a)} ${sign} ${text(b)})`);

/** A comparison result like a tensor's: of shape [] for scalars, else of shape [2]. */
const comparison = (compare: (a: number, b: number) => boolean) => (a: unknown, b: unknown) => {
  const scalar = [a, b].every((side) => !(side instanceof Term) || side.value !== null);
  return { shape: scalar ? [] : [2], item: () => compare(number(a), number(b)) };
};

const operators = {
  add: binary("+"),
  sub: binary("-"),
  mul: binary("*"),
  div: binary("/"),
  pow: binary("**"),
  mod: binary("%"),
  neg: (a: unknown) => new Term(`-${text(a)}`),
  lt: comparison((a, b) => a < b),
  le: comparison((a, b) => a <= b),
  gt: comparison((a, b) => a > b),
  ge: comparison((a, b) => a >= b),
};
