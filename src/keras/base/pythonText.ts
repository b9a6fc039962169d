/**
 * @file Texts in Python's spelling, for messages that Keras users search for.
 */

/** A shape as Python prints it: `(None, 3)`, `(2,)`. */
export function showPythonShape(shape: readonly (number | null)[]): string {
  const sizes = shape.map((n) => (n === null ? "None" : String(n)));
  return sizes.length === 1 ? `(${sizes[0]},)` : `(${sizes.join(", ")})`;
}

/** A list of names as Python prints it: `['dense', 'dropout']`. */
export const showPythonNames = (names: readonly string[]): string =>
  `[${names.map((name) => `'${name}'`).join(", ")}]`;
