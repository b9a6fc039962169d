/** @file The lesson's links into the sources point at what they name. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { dirname, relative } from "node:path";
import test from "node:test";
import { parseNotebook } from "nabla/notebook";
import { root } from "../../scripts/lock.mjs";
import { parseSource, readSource } from "../support/source.js";
import { notebookPath } from "./lesson.js";

const lessonPath = notebookPath("gradients.ipynb");

/** The lines on which top-level names and the methods of top-level classes begin. */
function definitionsOf(file: string): Map<string, number> {
  const found = new Map<string, number>();
  for (const statement of parseSource(readSource(file)).program.body) {
    const isExport = statement.type === "ExportNamedDeclaration";
    const node = isExport ? statement.declaration : statement;
    const line = statement.loc!.start.line;
    if (node?.type === "FunctionDeclaration") found.set(node.id!.name, line);
    if (node?.type === "VariableDeclaration") {
      for (const { id } of node.declarations) if (id.type === "Identifier") found.set(id.name, line);
    }
    if (node?.type !== "ClassDeclaration") continue;
    found.set(node.id!.name, line);
    for (const member of node.body.body) {
      if (member.type !== "ClassMethod" || member.key.type !== "Identifier") continue;
      found.set(`${node.id!.name}.${member.key.name}`, member.loc!.start.line);
    }
  }
  return found;
}

test("each link's line is where the name that it shows is defined (else: node scripts/lessonLinks.mjs)", async () => {
  const { cells } = parseNotebook(await readFile(lessonPath, "utf8"));
  const text = cells.flatMap((cell) => (cell.cell_type === "markdown" ? [cell.source] : [])).join("\n");
  const links = [...text.matchAll(/\[([^\]]*)\]\((\.\.\/[^)]*)\)/g)];
  const folder = relative(root, dirname(lessonPath));
  const actual: Record<string, string> = {};
  const expected: Record<string, string> = {};
  for (const [, shown, target] of links) {
    const [path, line] = target!.split("#L");
    const file = new URL(path!, `file:///${folder}/`).pathname.slice(1);
    const name = shown!.replaceAll("`", "");
    actual[name] = `${file}:${line}`;
    expected[name] = `${file}:${definitionsOf(file).get(name)}`;
  }
  assert.deepEqual(actual, expected);
  for (const name of ["GradientTape", "run", "Trace.add", "expOp", "customGradient", "gradientRegistry"]) {
    assert.ok(name in actual, `no link shows ${name}`);
  }
});
