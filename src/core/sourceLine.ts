/**
 * @file The line of user code that is running, where someone says so: statement markers in notebook cells and in files
 * rewritten for operators write it to one shared object; elsewhere stacks are read only when asked for.
 */

/** Where an op was made. */
export interface SourceLine {
  readonly file: string;
  readonly line: number;
}

interface Marker {
  file: string | null;
  line: number;
}

const key = Symbol.for("nabla.sourceLine");
const shared = globalThis as unknown as Record<symbol, Marker | undefined>;
shared[key] ??= { file: null, line: 0 };

/** The shared object that markers write to. */
export const marker: Marker = shared[key];

let stacks = false;

/**
 * Whether ops made outside notebook cells look up their line in the stack. Off by default: it costs ten times the op.
 *
 * @example tf.debugging.sourceLines(false)
 */
export function sourceLines(on: boolean): void {
  stacks = on;
}

/** The user's line now, or null where it is not known. */
export function currentLine(): SourceLine | null {
  if (marker.file !== null) return { file: marker.file, line: marker.line };
  return stacks ? lineFromStack() : null;
}

/** The same, at the cost of a stack where nothing else knows it. */
export const userLine = (): SourceLine | null =>
  marker.file !== null ? { file: marker.file, line: marker.line } : lineFromStack();

/** The folder that the library lies in, as files of its own or put together: frames below it are ours. */
const own = import.meta.url.replace(/(core\/sourceLine|chunks\/[^/]*|index)\.[jt]s.*$/, "");

function lineFromStack(): SourceLine | null {
  const frames = (new Error().stack ?? "").split("\n").slice(1);
  for (const frame of frames) {
    const place = /\(?((?:file:\/\/|https?:\/\/|node:|\/|[A-Za-z]:\\)[^()]*?):(\d+):\d+\)?$/.exec(
      frame.trim(),
    );
    if (place === null || place[1]!.startsWith("node:")) continue;
    const path = place[1]!;
    if (path.startsWith(own) || `file://${path}`.startsWith(own)) continue;
    return { file: path, line: Number(place[2]) };
  }
  return null;
}
