/** @file TypeScript source to a JavaScript syntax tree: types are stripped, lines stay where they are. */
import { type Program, parse as parseJavaScript, type Token, tokTypes } from "acorn";
import { transform } from "sucrase";
import { alignLines } from "./align.js";
import { SourceSyntaxError } from "./errors.js";
import type { PositionMap } from "./positions.js";

/** Parsed source. */
export interface ParsedSource {
  /** The source without types: what offsets in the tree refer to. */
  readonly code: string;
  readonly tree: Program;
  /** Start and end of every `=>`, in order. */
  readonly arrows: readonly { start: number; end: number }[];
  /** From places in `code` to places in the user's source. */
  readonly positions: PositionMap;
}

/** Strips types and parses; a `#!` line and top-level `await` are allowed. */
export function parseSource(source: string): ParsedSource {
  const { code, positions } = stripTypes(source);
  const arrows: { start: number; end: number }[] = [];
  const onToken = (token: Token): void => {
    if (token.type === tokTypes.arrow) arrows.push({ start: token.start, end: token.end });
  };
  try {
    const tree = parseJavaScript(code, { ecmaVersion: "latest", sourceType: "module", onToken });
    return { code, tree, arrows, positions };
  } catch (error) {
    throw explainParseError(error, source, code, positions);
  }
}

function stripTypes(source: string): { code: string; positions: PositionMap } {
  try {
    const { code } = transform(source, {
      transforms: ["typescript"],
      disableESTransforms: true,
      keepUnusedImports: true,
      filePath: "source.ts",
    });
    return { code, positions: alignLines(code, source) };
  } catch (error) {
    const { line = 1, column = 1 } = (error as { loc?: { line: number; column: number } }).loc ?? {};
    const message = withoutPlace((error as Error).message.replace(/^Error transforming source\.ts: /, ""));
    const before = source.split("\n").slice(0, line - 1);
    const offset = before.reduce((length, text) => length + text.length + 1, column - 1);
    throw new SourceSyntaxError(reasonFor(message, source, offset), source, line, column);
  }
}

const withoutPlace = (message: string): string => message.replace(/ \(\d+:\d+\)$/, "");

function explainParseError(error: unknown, source: string, code: string, positions: PositionMap): unknown {
  const { loc, pos, message } = error as {
    loc?: { line: number; column: number };
    pos?: number;
    message: string;
  };
  if (loc === undefined || pos === undefined) return error;
  const { line, column } = positions.original({ line: loc.line, column: loc.column + 1 });
  return new SourceSyntaxError(reasonFor(withoutPlace(message), code, pos), source, line, column);
}

function reasonFor(message: string, code: string, at: number): string {
  if (message !== "Unexpected token") return message;
  if (code.startsWith("**", at)) {
    return (
      "a unary operator may not stand directly before the base of **: " +
      "write -(x ** 2) for minus the square, or (-x) ** 2 for the square of minus x"
    );
  }
  const token = /^(?:[\w$]+|\S)/.exec(code.slice(at))?.[0];
  return token === undefined ? "Unexpected end of input" : `Unexpected token '${token}'`;
}
