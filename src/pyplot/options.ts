import { describe, PlotTypeError, PlotValueError } from "./errors.js";

/** Throws for an option that does not exist: in notebook cells no type checker would say so. */
export function checkOptions(who: string, options: object, known: readonly string[]): void {
  for (const key of Object.keys(options)) {
    if (known.includes(key)) continue;
    throw new PlotValueError(
      `${who}: unknown option ${JSON.stringify(key)}; known: ${[...known].sort().join(", ")}`,
    );
  }
}

/** True for an options object, as opposed to data. */
export function isOptions(value: unknown): value is Record<string, unknown> {
  return (
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    !ArrayBuffer.isView(value) &&
    typeof (value as { array?: unknown }).array !== "function"
  );
}

/** Takes the options object off the end of an argument list. */
export function splitOptions<T extends object>(args: readonly unknown[]): { values: unknown[]; options: T } {
  const last = args.at(-1);
  const hasOptions = args.length > 0 && isOptions(last);
  return { values: hasOptions ? args.slice(0, -1) : [...args], options: (hasOptions ? last : {}) as T };
}

/** Throws unless `value` is a finite number that is at least `least`. */
export function requireNumber(
  who: string,
  name: string,
  value: unknown,
  least = Number.NEGATIVE_INFINITY,
): number {
  if (typeof value !== "number" || Number.isNaN(value)) {
    throw new PlotTypeError(`${who}: ${name} must be a number; got ${describe(value)}`);
  }
  if (value < least) throw new PlotValueError(`${who}: ${name} must be at least ${least}; got ${value}`);
  return value;
}
