/** @file The lines that markers give to whatever runs: an op asks for its line when it is made. */
import assert from "node:assert/strict";
import test from "node:test";
import { sourceLineMarker } from "nabla/operators";
import { testExecutor } from "../notebook/testExecutor.js";
import { Term } from "./operand.js";

interface Place {
  file: string | null;
  line: number;
}
const places: Place[] = [];
const shared = globalThis as Record<string, unknown>;
shared["TestTerm"] = Term;
/** Stands for an op that notes where it was made. */
shared["testOp"] = (): number => {
  places.push({ ...sourceLineMarker() });
  return places.length;
};
/** A value whose operators note where they were used. */
shared["TestNoting"] = class {
  get [Symbol.for("nabla.operators")](): object {
    const note = (): this => {
      (shared["testOp"] as () => number)();
      return this;
    };
    return { add: note, mul: note, sub: note };
  }
  square(): this {
    (shared["testOp"] as () => number)();
    return this;
  }
};

async function linesOf(...cells: string[]): Promise<string[]> {
  places.length = 0;
  const { executor } = testExecutor();
  for (const cell of cells) {
    const result = await executor.execute(cell);
    assert.ok(result.ok, result.ok ? "" : result.error.trace);
  }
  return places.map(({ file, line }) => `${file?.replace("test.ipynb cell", "")}:${line}`);
}

test("a statement's line is known", async () => {
  assert.deepEqual(await linesOf("testOp();\nlet x = testOp();\n\nif (testOp()) {\n  testOp();\n}"), [
    "[1]:1",
    "[1]:2",
    "[1]:4",
    "[1]:5",
  ]);
});

test("lines in functions, arrows and loops without braces", async () => {
  const cell =
    "function f() {\n  testOp();\n  return testOp();\n}\nconst g = () =>\n  testOp();\nfor (let i = 0; i < 2; i++)\n  testOp();\nf();\ng();";
  assert.deepEqual(await linesOf(cell), ["[1]:8", "[1]:8", "[1]:2", "[1]:3", "[1]:6"]);
});

test("a function of an earlier cell is there, and its caller is back at its own line", async () => {
  const lines = await linesOf(
    "function f(x) {\n  testOp();\n  return x;\n}",
    "\ntestOp(f(1));\ntestOp(1, f(2), 3)",
  );
  assert.deepEqual(lines, ["[1]:2", "[2]:2", "[1]:2", "[2]:3"]);
});

test("a method on a function's result is on the caller's line", async () => {
  const cell = "const t = new TestNoting();\nfunction f() {\n  testOp();\n  return t;\n}\nf().square();";
  assert.deepEqual(await linesOf(cell), ["[1]:3", "[1]:6"]);
});

test("operators have the line they stand on, also in loops that call nothing", async () => {
  const cell =
    "let t = new TestNoting();\nfor (let i = 0; i < 1; i++) {\n  t = t * 2;\n}\nconst u = t + (\n  t * 3\n);";
  assert.deepEqual(await linesOf(cell), ["[1]:3", "[1]:6", "[1]:5"]);
});

test("types, imports and enums do not move lines", async () => {
  const cell =
    "interface A {\n  a: number;\n}\nimport type { X } from 'node:fs';\nenum E { A,\n  B }\ntype B = {\n};\ntestOp();";
  assert.deepEqual(await linesOf(cell), ["[1]:9"]);
});

test("no file is named when no cell runs", async () => {
  await linesOf("testOp()");
  assert.equal(sourceLineMarker().file, null);
});
