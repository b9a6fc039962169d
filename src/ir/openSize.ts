/**
 * @file Sizes that are open in a trace: whole numbers that are known only when the traced program is called.
 *
 * In a shape they stand where numbers stand, and for the type checker they are numbers, so that `Shape` stays a list of
 * numbers and code that knows nothing of them stays right: whatever needs the number itself — arithmetic, an order, the
 * length of an array — throws an `EscapeError`, and the function is traced for the sizes as they are. Code that knows of
 * them uses the functions below. Equal expressions are one object, so `===` compares them.
 *
 * What an open size stands for is 2 or more: 0 and 1 mean something in shapes (nothing to compute, repetition), and code
 * that asks for them has its answer. Other questions are answered for the sizes that the trace is made with, and the
 * answer is noted: the trace is good for sizes for which all answers are the same.
 */

/** Someone needed the number of an open size: the trace is given up. */
export class EscapeError extends Error {
  constructor(why: string) {
    super(`sizes of a traced function are open: ${why}`);
    this.name = "EscapeError";
  }
}

/** A product of unknowns, by their numbers in ascending order, times a whole number. */
interface Term {
  readonly unknowns: readonly number[];
  readonly factor: number;
}

/** An open size of its own, or one rounded up after a division. */
type Unknown = { readonly symbol: number } | { readonly of: OpenSize; readonly by: number };

/** A sum of terms; made by the functions below, never by `new`. */
export class OpenSize {
  constructor(
    readonly scope: SizeScope,
    readonly terms: readonly Term[],
    private readonly text: string,
  ) {}

  /** The number, where the open sizes are these. */
  at(sizes: readonly number[]): number {
    let sum = 0;
    for (const { unknowns, factor } of this.terms)
      sum += unknowns.reduce((product, unknown) => product * this.scope.valueOf(unknown, sizes), factor);
    return sum;
  }

  /** The expression, for keys and messages: different sizes have different texts. */
  toString(): string {
    return this.text;
  }

  [Symbol.toPrimitive](hint: string): string {
    return hint === "string" ? this.text : this.scope.escape(this);
  }

  toJSON(): never {
    return this.scope.escape(this);
  }

  // What makes an array of a list's length, or of its elements, would take the size for an empty list.
  get length(): never {
    return this.scope.escape(this);
  }

  get [Symbol.iterator](): never {
    return this.scope.escape(this);
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return "null";
  }
}

let active: SizeScope | null = null;

/** Sizes that belong together: those of one trace. */
export class SizeScope {
  /** Why the last attempt failed. */
  failure: unknown = null;
  readonly #unknowns: Unknown[] = [];
  readonly #samples: number[] = [];
  readonly #known = new Map<string, OpenSize>();
  readonly #conditions = new Map<string, (sizes: readonly number[]) => boolean>();

  /** A new open size. Questions about it are answered as for the sample, which is 2 or more. */
  open(sample: number): number {
    const symbol = this.#samples.push(sample) - 1;
    return this.#sum([{ unknowns: [this.#unknowns.push({ symbol }) - 1], factor: 1 }]);
  }

  /** The number of an unknown. */
  valueOf(unknown: number, sizes: readonly number[]): number {
    const made = this.#unknowns[unknown]!;
    return "symbol" in made ? sizes[made.symbol]! : Math.ceil(made.of.at(sizes) / made.by);
  }

  /** Whether what was decided while tracing is so for these sizes. */
  holds(sizes: readonly number[]): boolean {
    if (sizes.some((size) => size < 2)) return false;
    for (const test of this.#conditions.values()) if (!test(sizes)) return false;
    return true;
  }

  /** Answers a question as for the samples, and notes the answer. */
  decide(question: string, test: (sizes: readonly number[]) => boolean): boolean {
    const answer = test(this.#samples);
    this.#conditions.set(question, (sizes) => test(sizes) === answer);
    return answer;
  }

  /** Notes that two sizes are taken to be different. */
  distinguish(a: number, b: number): void {
    this.#conditions.set(`${a}≠${b}`, (sizes) => numberAt(a, sizes) !== numberAt(b, sizes));
  }

  /** Gives the trace up. Noted too, since the user's code may catch the error. */
  escape(size: OpenSize): never {
    return this.close(`the number of ${size} is needed`);
  }

  close(why: string): never {
    const error = new EscapeError(why);
    this.failure = error;
    // A size of another trace may be used in this one.
    if (active !== null) active.failure = error;
    throw error;
  }

  /** Runs a function for open sizes; null if it failed, or a number was needed. */
  attempt<T extends object>(f: () => T): T | null {
    const outer = active;
    active = this;
    this.failure = null;
    try {
      const result = f();
      return this.failure === null ? result : null;
    } catch (error) {
      this.failure ??= error;
      return null;
    } finally {
      active = outer;
    }
  }

  /** The one object, or the number, for a sum of terms. */
  sum(terms: readonly Term[]): number {
    const byUnknowns = new Map<string, Term>();
    for (const { unknowns, factor } of terms) {
      const key = unknowns.join("·");
      byUnknowns.set(key, { unknowns, factor: factor + (byUnknowns.get(key)?.factor ?? 0) });
    }
    const rest = [...byUnknowns.entries()].filter(([, { factor }]) => factor !== 0);
    if (rest.every(([key]) => key === "")) return rest[0]?.[1].factor ?? 0;
    rest.sort(([a], [b]) => (a < b ? -1 : 1));
    return this.#sum(rest.map(([, term]) => term));
  }

  #sum(terms: readonly Term[]): number {
    const text = terms.map(({ unknowns, factor }) => this.#showTerm(unknowns, factor)).join("+");
    let size = this.#known.get(text);
    if (size === undefined) {
      const made = new OpenSize(this, terms, text);
      size = made;
      // A difference may be 0 or 1, or less.
      if (terms.some(({ factor }) => factor < 0)) {
        if (made.at(this.#samples) < 2) this.escape(made);
        this.decide(`${text}≥2`, (sizes) => made.at(sizes) >= 2);
      }
      this.#known.set(text, made);
    }
    return asNumber(size);
  }

  #showTerm(unknowns: readonly number[], factor: number): string {
    const names = unknowns.map((unknown) => `?${unknown}`);
    return (factor === 1 && names.length > 0 ? names : [factor, ...names]).join("·");
  }

  /** A size divided by a number and rounded up. It may be 1: for counts, not for shapes. */
  ceil(of: OpenSize, by: number): number {
    const text = `⌈${of}/${by}⌉`;
    let size = this.#known.get(text);
    if (size === undefined) {
      const unknown = this.#unknowns.push({ of, by }) - 1;
      size = new OpenSize(this, [{ unknowns: [unknown], factor: 1 }], text);
      this.#known.set(text, size);
    }
    return asNumber(size);
  }
}

/** The one place where an open size is passed off as a number. */
const asNumber = (size: OpenSize): number & OpenSize => size as unknown as number & OpenSize;

const numberAt = (size: number, sizes: readonly number[]): number => (isOpen(size) ? size.at(sizes) : size);

/** Gives up the trace with open sizes that is being made, if there is one. */
export function closeSizes(why: string): void {
  if (active !== null) active.close(why);
}

export const isOpen = (size: unknown): size is number & OpenSize =>
  typeof size === "object" && size instanceof OpenSize;

/** The sizes' scope. Sizes of two traces have nothing to do with each other. */
function scopeOf(a: number, b: number): SizeScope {
  const [first, second] = [a, b].filter(isOpen);
  if (second !== undefined && second.scope !== first!.scope) second.scope.escape(second);
  return first!.scope;
}

const termsOf = (size: number): readonly Term[] =>
  isOpen(size) ? size.terms : [{ unknowns: [], factor: size }];

/** The product of two sizes. */
export const mulSizes = (a: number, b: number): number =>
  typeof a === "number" && typeof b === "number" ? a * b : openProduct(a, b);

function openProduct(a: number, b: number): number {
  const terms = termsOf(a).flatMap((x) =>
    termsOf(b).map((y) => ({
      unknowns: [...x.unknowns, ...y.unknowns].sort((p, q) => p - q),
      factor: x.factor * y.factor,
    })),
  );
  return scopeOf(a, b).sum(terms);
}

/** The sum of two sizes. */
export const addSizes = (a: number, b: number): number =>
  typeof a === "number" && typeof b === "number" ? a + b : scopeOf(a, b).sum([...termsOf(a), ...termsOf(b)]);

/** The difference of two sizes. */
export function subSizes(a: number, b: number): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  const negative = termsOf(b).map(({ unknowns, factor }) => ({ unknowns, factor: -factor }));
  return scopeOf(a, b).sum([...termsOf(a), ...negative]);
}

/** A size divided by one that divides it; undefined where it may not. */
export function divSizes(a: number, b: number): number | undefined {
  if (a === b) return a === 0 ? undefined : 1;
  if (typeof a === "number" && typeof b === "number") return b !== 0 && a % b === 0 ? a / b : undefined;
  if (a === 0) return 0;
  const scope = scopeOf(a, b);
  const [divisor, ...more] = termsOf(b);
  if (more.length > 0) return undefined;
  const quotients: Term[] = [];
  for (const { unknowns, factor } of termsOf(a)) {
    const left = [...unknowns];
    for (const unknown of divisor!.unknowns) {
      const at = left.indexOf(unknown);
      if (at === -1) return undefined;
      left.splice(at, 1);
    }
    if (divisor!.factor === 0 || factor % divisor!.factor !== 0) return undefined;
    quotients.push({ unknowns: left, factor: factor / divisor!.factor });
  }
  return scope.sum(quotients);
}

/** A size divided by a number and rounded up, for counts of things. */
export const ceilDivSize = (a: number, by: number): number =>
  isOpen(a) ? a.scope.ceil(a, by) : Math.ceil(a / by);

/** Whether two sizes are equal. */
export const sameSize = (a: number, b: number): boolean =>
  a === b || ((typeof a !== "number" || typeof b !== "number") && sameOpenSize(a, b));

function sameOpenSize(a: number, b: number): boolean {
  const isBoth = isOpen(a) && isOpen(b);
  const other = isOpen(a) ? b : a;
  // No open size is 0 or 1 (nor what is no size, such as -1).
  if (!isBoth && other < 2) return false;
  const scope = scopeOf(a, b);
  if (isBoth) return scope.decide(`${a}=${b}`, (sizes) => numberAt(a, sizes) === numberAt(b, sizes));
  // That an open size is a certain number would close it.
  scope.distinguish(a, b);
  return false;
}

/** Whether a size is not larger than another. */
export function isAtMost(a: number, b: number): boolean {
  if (typeof a === "number" && typeof b === "number") return a <= b;
  if (a === b || (typeof a === "number" && a <= 2)) return true;
  if (typeof b === "number" && b < 2) return false;
  return scopeOf(a, b).decide(`${a}≤${b}`, (sizes) => numberAt(a, sizes) <= numberAt(b, sizes));
}

/** Whether something is a size: a whole number of at least 0, or open. */
export const isSize = (size: unknown): size is number =>
  typeof size === "number" ? Number.isInteger(size) && size >= 0 : isOpen(size);
