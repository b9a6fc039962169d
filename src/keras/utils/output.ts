/**
 * @file Where progress is printed: the terminal's stream, or the console line by line.
 */
type Write = (text: string) => void;

interface ProcessLike {
  readonly stdout?: { write?(text: string): unknown; readonly columns?: number };
  readonly env?: Record<string, string | undefined>;
}

const host = (): ProcessLike | undefined => (globalThis as { process?: ProcessLike }).process;

let chosen: Write | null = null;
let line = "";

/** Sends what Keras prints elsewhere, such as to a page; null puts it back. */
export function setOutput(write: Write | null): void {
  chosen = write;
}

/** Prints text as it is. */
export function writeOutput(text: string): void {
  if (chosen !== null) chosen(text);
  else if (typeof host()?.stdout?.write === "function") host()!.stdout!.write!(text);
  else writeToConsole(text);
}

/** A console prints whole lines: what was overwritten on one is left out. */
function writeToConsole(text: string): void {
  const lines = (line + text).split("\n");
  line = lines.pop()!;
  for (const finished of lines)
    console.log(finished.slice(finished.lastIndexOf("\r") + 1).replaceAll("\b", ""));
}

/** Prints a line. */
export const printLine = (text: string): void => writeOutput(`${text}\n`);

/** How many columns the terminal has; 80 where there is none. */
export function terminalColumns(): number {
  const fromEnvironment = Number(host()?.env?.["COLUMNS"]);
  return fromEnvironment > 0 ? Math.floor(fromEnvironment) : (host()?.stdout?.columns ?? 80);
}
