/** @file The console of cells: it writes to their output, as Node's writes to the terminal. */
import { format, inspect } from "node-inspect-extracted";

/** Writes text to one of the two streams. */
export type WriteStream = (name: "stdout" | "stderr", text: string) => void;

const tableText = (rows: unknown): string => {
  const entries = Object.entries(rows as Record<string, unknown>);
  const columns = new Set(entries.flatMap(([, row]) => (isRecord(row) ? Object.keys(row) : ["Values"])));
  const lines = entries.map(([key, row]) => [key, ...Array.from(columns, (column) => cellText(row, column))]);
  const all = [["(index)", ...columns], ...lines];
  const widths = all[0]!.map((_, index) => Math.max(...all.map((line) => line[index]!.length)));
  const rowText = (line: readonly string[]) =>
    `│ ${line.map((text, index) => text.padEnd(widths[index]!)).join(" │ ")} │`;
  const rule = (left: string, middle: string, right: string) =>
    `${left}${widths.map((width) => "─".repeat(width + 2)).join(middle)}${right}`;
  return [
    rule("┌", "┬", "┐"),
    rowText(all[0]!),
    rule("├", "┼", "┤"),
    ...lines.map(rowText),
    rule("└", "┴", "┘"),
  ].join("\n");
};

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null;

function cellText(row: unknown, column: string): string {
  if (!isRecord(row)) return column === "Values" ? inspect(row) : "";
  return column in row ? inspect(row[column]) : "";
}

/** A console that writes through a function. */
export function consoleOf(write: WriteStream): Partial<Console> {
  const counts = new Map<string, number>();
  const timers = new Map<string, number>();
  let indent = "";
  const print = (name: "stdout" | "stderr", values: readonly unknown[]): void =>
    write(name, `${format(...values).replace(/^/gm, indent)}\n`);
  const log = (...values: unknown[]): void => print("stdout", values);
  const warn = (...values: unknown[]): void => print("stderr", values);
  const elapsed = (label: string): string =>
    `${label}: ${(performance.now() - timers.get(label)!).toFixed(3)}ms`;
  const group = (...values: unknown[]): void => {
    if (values.length > 0) log(...values);
    indent += "  ";
  };
  return {
    log,
    info: log,
    debug: log,
    warn,
    error: warn,
    dir: (value: unknown, options?: object) => log(inspect(value, options)),
    table: (rows: unknown) => log(isRecord(rows) ? tableText(rows) : rows),
    assert: (condition?: boolean, ...values: unknown[]) => {
      if (!condition) warn("Assertion failed", ...values);
    },
    trace(...values: unknown[]) {
      const trace = { stack: "" };
      Error.captureStackTrace(trace, this.trace);
      warn(`Trace: ${format(...values)}\n${trace.stack.slice(trace.stack.indexOf("\n") + 1)}`);
    },
    count: (label = "default") => {
      counts.set(label, (counts.get(label) ?? 0) + 1);
      log(`${label}: ${counts.get(label)}`);
    },
    countReset: (label = "default") => void counts.delete(label),
    time: (label = "default") => void timers.set(label, performance.now()),
    timeLog: (label = "default", ...values: unknown[]) => {
      if (timers.has(label)) log(elapsed(label), ...values);
    },
    timeEnd: (label = "default") => {
      if (timers.has(label)) log(elapsed(label));
      timers.delete(label);
    },
    group,
    groupCollapsed: group,
    groupEnd: () => {
      indent = indent.slice(2);
    },
  };
}
