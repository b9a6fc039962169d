/** The base class of every error that `nabla/pyplot` throws. */
export class PlotError extends Error {
  override readonly name: string = "PlotError";
}

/** Data whose sizes do not fit together. */
export class PlotShapeError extends PlotError {
  override readonly name = "PlotShapeError";
}

/** A value of a type that cannot be plotted. */
export class PlotTypeError extends PlotError {
  override readonly name = "PlotTypeError";
}

/** An option, a name or a number outside what is allowed. */
export class PlotValueError extends PlotError {
  override readonly name = "PlotValueError";
}

/** A short description of any value for an error message. */
export function describe(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (typeof value === "string") return JSON.stringify(value);
  if (Array.isArray(value)) return `an array of ${value.length} values`;
  if (typeof value === "object") return `an object of class ${value.constructor?.name ?? "null"}`;
  if (typeof value === "function") return `the function ${value.name || "(anonymous)"}`;
  return `${typeof value} ${String(value)}`;
}

/** Throws unless `value` is one of `allowed`. */
export function requireOneOf<T extends string>(
  who: string,
  name: string,
  value: T,
  allowed: readonly T[],
): T {
  if (allowed.includes(value)) return value;
  const list = allowed.map((item) => JSON.stringify(item)).join(", ");
  throw new PlotValueError(`${who}: ${name} must be one of ${list}; got ${describe(value)}`);
}
