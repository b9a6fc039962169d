/** @file The error for source text that does not parse, with its place. */

/** Source text that is not valid TypeScript: where, and the line with a caret under the place. */
export class SourceSyntaxError extends SyntaxError {
  override readonly name = "SyntaxError";
  /** The message without its place. */
  readonly reason: string;
  /** Line of the source, from 1. */
  readonly line: number;
  /** Column of the source, from 1. */
  readonly column: number;
  /** The line of the source and, below it, a caret under the place. */
  readonly excerpt: string;

  constructor(reason: string, source: string, line: number, column: number) {
    super(`${reason} (line ${line}, column ${column})`);
    this.reason = reason;
    this.line = line;
    this.column = column;
    const text = source.split("\n")[line - 1] ?? "";
    const indent = text.slice(0, column - 1).replace(/[^\t]/g, " ");
    this.excerpt = `${text}\n${indent}^`;
  }
}
