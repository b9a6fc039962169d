/**
 * @file Names that Keras gives on its own: `dense`, `dense_1`, … and the two spellings of every option.
 */

/**
 * A class name in Python's spelling.
 *
 * @example toSnakeCase("MaxPooling2D") // "max_pooling2d"
 */
export function toSnakeCase(name: string): string {
  return name
    .replace(/[^\p{L}\p{N}_]+/gu, "")
    .replace(/(.)(\p{Lu}\p{Ll}+)/gu, "$1_$2")
    .replace(/([\p{Ll}])(\p{Lu})/gu, "$1_$2")
    .toLowerCase();
}

/**
 * An option's name here from its name in a config: underscores go, the letter after each is capitalised.
 *
 * @example toCamelCase("kernel_initializer") // "kernelInitializer"
 */
export const toCamelCase = (name: string): string =>
  name.replace(/(?<=.)_+(.)/g, (_, letter: string) => letter.toUpperCase());

const counters = new Map<string, number>();

/** A number that counts up per prefix: 1 at first. */
export function getUid(prefix = ""): number {
  const next = (counters.get(prefix) ?? 0) + 1;
  counters.set(prefix, next);
  return next;
}

/** The next free name of a class: `dense`, then `dense_1`. */
export function autoName(className: string): string {
  const prefix = toSnakeCase(className);
  const count = getUid(prefix);
  return count === 1 ? prefix : `${prefix}_${count - 1}`;
}

/** Starts the counters of automatic names again. */
export function resetNames(): void {
  counters.clear();
}

/** A table with every class under its name in Python's spelling as well. */
export const withSnakeCase = <T>(table: Readonly<Record<string, T>>): Record<string, T> => ({
  ...table,
  ...Object.fromEntries(Object.entries(table).map(([name, entry]) => [toSnakeCase(name), entry])),
});
