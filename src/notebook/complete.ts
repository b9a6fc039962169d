/** @file Whether source is ready to run, as a prompt that takes several lines needs to know. */
import { rewriteCell, SourceSyntaxError } from "nabla/operators";

/**
 * Whether a cell can run ("complete"), could if more were typed ("incomplete"), or cannot ("invalid").
 *
 * @example isComplete("f(1,") // incomplete
 */
export function isComplete(source: string): "complete" | "incomplete" | "invalid" {
  try {
    rewriteCell(source);
    return "complete";
  } catch (error) {
    if (!(error instanceof SourceSyntaxError)) throw error;
    return endsTooEarly(error, source) ? "incomplete" : "invalid";
  }
}

function endsTooEarly({ reason, line, column }: SourceSyntaxError, source: string): boolean {
  if (/^Unterminated (?:template|comment)/.test(reason)) return true;
  const lines = source.trimEnd().split("\n");
  return line > lines.length || (line === lines.length && column > lines.at(-1)!.length);
}
