import { inspect } from "node:util";
import { transform } from "esbuild";
import { parseSource } from "./source.js";

/** A piece of TypeScript in a file, padded with empty lines so that its line numbers are the file's. */
export type Example = { file: string; line: number; text: string };

/** The `@example` blocks in the documentation comments of a source text. */
export function docstringExamples(file: string, source: string): Example[] {
  return (parseSource(source).comments ?? []).flatMap((comment) => {
    if (comment.type !== "CommentBlock" || !comment.value.startsWith("*")) return [];
    const first = comment.loc!.start.line;
    const lines = `/*${comment.value}`.split("\n").map((line) => line.replace(/^\s*(\/\*\*|\*) ?/, ""));
    return lines.flatMap((line, index) => {
      if (!/^\s*@example\b/.test(line)) return [];
      const rest = lines.slice(index + 1);
      const next = rest.findIndex((other) => /^\s*@\w/.test(other));
      const body = (next < 0 ? rest : rest.slice(0, next)).map((text) => (/^\s*```/.test(text) ? "" : text));
      // What follows the tag on its own line is code too, unless it is a caption in words.
      const inline = line.replace(/^\s*@example/, "").replace(/^\s*<caption>.*/, "");
      return [
        { file, line: first + index, text: "\n".repeat(first + index - 1) + [inline, ...body].join("\n") },
      ];
    });
  });
}

/** The ```ts blocks of a Markdown text; one marked `ts continue` carries on where the block before it ended. */
export function markdownExamples(file: string, markdown: string): Example[] {
  const examples: Example[] = [];
  let open: { marker: string; body: string[]; line: number } | null = null;
  for (const [index, line] of markdown.split("\n").entries()) {
    const fence = /^\s*```\s*(.*)$/.exec(line);
    if (open === null && fence) open = { marker: fence[1]!.trim(), body: [], line: index + 1 };
    else if (open !== null && fence) {
      addBlock(examples, file, open);
      open = null;
    } else open?.body.push(line);
  }
  return examples;
}

function addBlock(
  examples: Example[],
  file: string,
  block: { marker: string; body: string[]; line: number },
) {
  const [language, ...words] = block.marker.split(/\s+/);
  if (language !== "ts" && language !== "typescript") return;
  const continues = words.includes("continue");
  const unknown = words.filter((word) => word !== "continue");
  if (unknown.length)
    throw new Error(`${file}:${block.line}: unknown mark "${unknown.join(" ")}" on a ts block`);
  const previous = examples.at(-1);
  if (continues && !previous) throw new Error(`${file}:${block.line}: there is no block to continue`);
  const before = continues ? previous!.text : "";
  const padding = "\n".repeat(block.line - (before.split("\n").length - 1));
  const text = before + padding + block.body.join("\n");
  examples.push({ file, line: block.line, text });
}

type Edit = { start: number; end: number; text: string };

/**
 * Runs an example with the names in `scope` at hand. An expression statement followed by a comment must print what
 * the comment says; `// throws SomeError` expects that error, and a text that ends in "…" is a beginning.
 *
 * @returns how many values were compared
 */
export async function runExample(example: Example, scope: Record<string, unknown>): Promise<number> {
  const where = (line: number) => `${example.file}:${line}`;
  const { edits, expectations, statements } = instrument(example.text);
  if (statements === 0) throw new Error(`${where(example.line)}: the example is empty`);
  const body = edits
    .toSorted((one, other) => other.start - one.start)
    .reduce((text, edit) => text.slice(0, edit.start) + edit.text + text.slice(edit.end), example.text);
  const names = Object.keys(scope).filter(isParameterName);
  // The inner block lets an example declare a name that the scope has too.
  const wrapped = `async function run(__check, __import, ${names.join(", ")}) {{${body}\n}}`;
  const { code } = await transform(wrapped, { loader: "ts", target: "es2022" });
  const check = async (line: number, expected: string, evaluate: () => unknown) => {
    await compare(where(line), expected, evaluate);
  };
  const load = (specifier: string) => import(specifier);
  const run = new Function(`"use strict";\n${code}\nreturn run;`)() as (...given: unknown[]) => Promise<void>;
  try {
    await quietly(() => run(check, load, ...names.map((name) => scope[name])));
  } catch (error) {
    if (error instanceof Mismatch) throw error;
    throw new Error(`${where(example.line)}: the example throws ${describeError(error)}`, { cause: error });
  }
  return expectations;
}

/** Names such as `function` can be exported but not declared. */
function isParameterName(name: string): boolean {
  try {
    new Function(name, '"use strict"');
    return true;
  } catch {
    return false;
  }
}

/** Turns imports into awaited ones, and each expression with an expected value into a check of it. */
function instrument(text: string) {
  const tree = parseSource(text);
  const comments = (tree.comments ?? []).filter((comment) => comment.type === "CommentLine");
  const edits: Edit[] = [];
  let expectations = 0;
  const statements = [...tree.program.directives, ...tree.program.body];
  for (const node of statements) {
    const [start, end] = [node.start!, node.end!];
    if (node.type === "ImportDeclaration") {
      edits.push({
        start,
        end,
        text: awaitedImport(node) + "\n".repeat(node.loc!.end.line - node.loc!.start.line),
      });
    }
    // A string that begins a program parses as a directive, like "use strict".
    if (node.type !== "ExpressionStatement" && node.type !== "Directive") continue;
    const expression = node.type === "Directive" ? node.value : node.expression;
    const line = node.loc!.end.line;
    const comment = comments.find(({ start }) => start! >= end && /^[ \t]*$/.test(text.slice(end, start!)));
    if (!comment) continue;
    const expected = [comment.value, ...commentLinesBelow(text, line)].join("\n");
    const [from, to] = [expression.start!, expression.end!];
    edits.push({ start: to, end, text: "));" });
    edits.push({
      start,
      end: from,
      text: `await __check(${line}, ${JSON.stringify(expected)}, async () => (`,
    });
    expectations += 1;
  }
  return { edits, expectations, statements: statements.length };
}

/** A printed value of several lines goes on in the comment lines right below its first. */
function commentLinesBelow(text: string, line: number): string[] {
  const below = text.split("\n").slice(line);
  const end = below.findIndex((other) => !/^\s*\/\//.test(other));
  return below.slice(0, end < 0 ? below.length : end).map((other) => other.replace(/^\s*\/\//, ""));
}

function awaitedImport(node: { importKind?: unknown; source: { value: string }; specifiers: any[] }): string {
  if (node.importKind === "type") return "";
  const source = `await __import(${JSON.stringify(node.source.value)})`;
  const names = node.specifiers.flatMap((specifier) => {
    if (specifier.type === "ImportDefaultSpecifier") return [`default: ${specifier.local.name}`];
    if (specifier.type !== "ImportSpecifier" || specifier.importKind === "type") return [];
    return [`${specifier.imported.name}: ${specifier.local.name}`];
  });
  const namespace = node.specifiers.find((specifier) => specifier.type === "ImportNamespaceSpecifier");
  return `const ${namespace?.local.name ?? `{ ${names.join(", ")} }`} = ${source};`;
}

class Mismatch extends Error {}

async function compare(place: string, expected: string, evaluate: () => unknown): Promise<void> {
  const throws = /^\s*throws (\w+)(?::\s*(.*))?$/s.exec(expected);
  logged.length = 0;
  let value: unknown;
  try {
    value = await evaluate();
  } catch (error) {
    if (!throws)
      throw new Mismatch(`${place}: expected ${expected.trim()}, but threw ${describeError(error)}`);
    const [, name, message] = throws;
    const { name: actualName, message: actualMessage } = error as Error;
    const fits = actualName === name && (message === undefined || agrees(actualMessage, message));
    if (!fits) throw new Mismatch(`${place}: expected ${expected.trim()}, but threw ${describeError(error)}`);
    return;
  }
  if (throws) throw new Mismatch(`${place}: expected to throw ${throws[1]}, but got ${printed(value)}`);
  const quoted = typeof value === "string" && agrees(JSON.stringify(value), expected);
  const output = value === undefined && logged.length > 0 ? logged.join("\n") : printed(value);
  if (quoted || agrees(output, expected)) return;
  throw new Mismatch(`${place}: printed ${output}, but the example says ${expected.trim()}`);
}

/** What `console.log` prints. */
function printed(value: unknown): string {
  return typeof value === "string" ? value : inspect(value);
}

function agrees(actual: string, expected: string): boolean {
  const [have, want] = [normalised(actual), normalised(expected)];
  return want.endsWith("…") ? have.startsWith(want.slice(0, -1).trimEnd()) : have === want;
}

function normalised(text: string): string {
  return text
    .replace(/\s+/g, " ")
    .replace(/([[({]) /g, "$1")
    .replace(/ ([\])}])/g, "$1")
    .trim();
}

function describeError(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}

const logged: string[] = [];

/** Keeps what an example prints for the comparison, and off the test's own output. */
async function quietly(work: () => Promise<void>): Promise<void> {
  const { log } = console;
  console.log = (...values: unknown[]) => {
    logged.push(values.map(printed).join(" "));
  };
  try {
    await work();
  } finally {
    console.log = log;
  }
}
