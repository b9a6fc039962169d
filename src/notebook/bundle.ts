/** @file What a value looks like, in one or several formats. */

/** Content by MIME type: strings, or plain JSON data for the types that are JSON. */
export type MimeBundle = Record<string, unknown>;

/** Turns a value into text, as `util.inspect` does in Node. */
export type Inspect = (value: unknown) => string;

const displayKey = Symbol.for("Jupyter.display");

/** Whether a value says itself how it is displayed, by a method `[Symbol.for("Jupyter.display")]`. */
function displaysItself(value: unknown): value is Record<symbol, () => unknown> {
  if (value === null || (typeof value !== "object" && typeof value !== "function")) return false;
  return typeof (value as Record<symbol, unknown>)[displayKey] === "function";
}

/** The bundle that shows a value: its own, or its text. A value's own bundle may be a promise. */
export function bundleOf(value: unknown, inspect: Inspect): MimeBundle | Promise<MimeBundle> {
  if (!displaysItself(value)) return { "text/plain": inspect(value) };
  const own = value[displayKey]!();
  return own instanceof Promise
    ? own.then((bundle) => withText(bundle, value, inspect))
    : withText(own, value, inspect);
}

function withText(bundle: unknown, value: unknown, inspect: Inspect): MimeBundle {
  if (bundle === null || typeof bundle !== "object") return { "text/plain": inspect(value) };
  return "text/plain" in bundle ? { ...bundle } : { ...bundle, "text/plain": inspect(value) };
}
