/** @file What cells share, import, show and report. */
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the cells are source text
import assert from "node:assert/strict";
import test from "node:test";
import { type CellResult, isComplete } from "nabla/notebook";
import { testExecutor } from "./testExecutor.js";

/** Cells in order, and what the last one shows. */
const sequences: readonly (readonly [string, readonly string[], string])[] = [
  ["const is redeclared", ["const a = 1", "const a = 2", "a"], "2"],
  [
    "let, function, class, const in turn",
    ["let a = 1", "function a() { return 2 }", "class a { static v = 3 }", "const a = 4; a"],
    "4",
  ],
  ["a function takes the place of a constant", ["const f = 1", "function f() { return 2 }", "f()"], "2"],
  [
    "an import takes the place of a constant",
    ["const join = 1", "import { join } from 'node:path'", "join('a', 'b')"],
    "'a/b'",
  ],
  ["a constant stays constant", ["const a = 1", "a = 2"], "TypeError: Assignment to constant variable 'a'"],
  ["until it is declared anew", ["const a = 1", "let a = 2", "a = 3; a"], "3"],
  [
    "an import stays constant",
    ["import { join } from 'node:path'", "join = 2"],
    "TypeError: Assignment to constant variable 'join'",
  ],
  ["closures see later changes", ["let n = 1; const get = () => n", "n = 5", "get()"], "5"],
  ["closures see later declarations", ["let n = 1; const get = () => n", "let n = 7", "get()"], "7"],
  [
    "functions call functions of later cells",
    ["function f() { return g(2) }", "function g(x) { return x * 10 }", "f()"],
    "20",
  ],
  [
    "functions assign to variables of later cells",
    ["function f() { later += 1 }", "let later = 1", "f(); later"],
    "2",
  ],
  [
    "typeof of a later name",
    ["const t = () => typeof later", "const before = t(); let later = 1", "[before, t()]"],
    "[ 'undefined', 'number' ]",
  ],
  ["a failed cell declares nothing", ["throw new Error('no'); const x = 1", "typeof x"], "'undefined'"],
  ["what ran before the error stays", ["const x = 1; throw new Error('no')", "x"], "1"],
  ["a name that never came is an error", ["throw 1; const x = 1", "x"], "ReferenceError: x is not defined"],
  [
    "enums",
    ["enum Colour { Red, Green = 'g' }", "[Colour.Red, Colour[0], Colour.Green]"],
    "[ 0, 'Red', 'g' ]",
  ],
  ["a redeclared enum starts afresh", ["enum E { A, B }", "enum E { C }", "Object.keys(E)"], "[ '0', 'C' ]"],
  [
    "types vanish",
    ["type A = number; interface B { b: A }", "const f = <T,>(x: T): T => x as T; f<A>(3)!"],
    "3",
  ],
  [
    "parameter properties",
    [
      "class P { constructor(private readonly x: number, public y = 2) {} sum(): number { return this.x + this.y } }",
      "new P(1).sum()",
    ],
    "3",
  ],
  [
    "abstract classes, generics, satisfies",
    [
      "abstract class A<T> { abstract f(): T } class B extends A<number> { f() { return 2 } }",
      "new B().f() satisfies number",
    ],
    "2",
  ],
  [
    "export is allowed and means nothing",
    ["export const a = 1; export function f() { return a }", "f()"],
    "1",
  ],
  [
    "import type loads nothing",
    ["import type { X } from 'no-such-module'; import { type Y, sep } from 'node:path'", "typeof sep"],
    "'string'",
  ],
  [
    "all forms of import",
    [
      "import path, { join as j, default as d } from 'node:path'; import * as ns from 'node:path'; import 'node:path'",
      "[path === d, ns.join === j]",
    ],
    "[ true, true ]",
  ],
  [
    "imports are done before anything else",
    ["const s = sep; import { sep } from 'node:path'; s === sep"],
    "true",
  ],
  [
    "import()",
    ["const { sep } = await import('node:path')", "sep === (await import(`node:${'path'}`)).sep"],
    "true",
  ],
  [
    "a missing export",
    ["import { nope } from 'node:path'"],
    "SyntaxError: The module 'node:path' does not provide an export named 'nope'",
  ],
  ["top-level await", ["const x = await Promise.resolve(4)", "x"], "4"],
  ["a promise at the end is waited for", ["Promise.resolve(5)"], "5"],
  ["a global is not hidden by looking at it", ["typeof console.log + typeof Math.PI"], "'functionnumber'"],
  ["a global may be hidden", ["const name = 'me'; const Map = 3", "name + Map"], "'me3'"],
  ["globalThis is shared", ["globalThis.fromCell = 1", "fromCell + 1"], "2"],
  ["this is undefined at the top", ["this"], "undefined"],
  [
    "using is disposed of at the end of the cell",
    ["let log = []; using r = { [Symbol.dispose]() { log.push('r') } }; log.push('body')", "log"],
    "[ 'body', 'r' ]",
  ],
  ["display may be redeclared", ["const display = 2", "display"], "2"],
];

for (const [name, cells, expected] of sequences) {
  test(name, async () => {
    const { run } = testExecutor();
    let last = "";
    for (const cell of cells) last = await run(cell);
    assert.equal(last, expected);
  });
}

async function failure(...cells: string[]): Promise<Extract<CellResult, { ok: false }>["error"]> {
  const { executor } = testExecutor();
  let result: CellResult = { ok: true };
  for (const cell of cells) result = await executor.execute(cell);
  assert.ok(!result.ok, "the cell should have failed");
  return result.error;
}

test("an error's frames are the user's, with the places they wrote", async () => {
  const error = await failure(
    "const square = (x: number) => {\n  if (x ** 2 > 10) throw new RangeError('large');\n  return x * x;\n};",
    "\nfunction f(x: number): number {\n    return 2 * square(x);\n}\nlet y: number = 1 * f(2) + f(5);",
  );
  assert.equal(error.name, "RangeError");
  assert.deepEqual(
    [...error.frames],
    ["at square (test.ipynb cell[1]:2:26)", "at f (test.ipynb cell[2]:3:16)", "at test.ipynb cell[2]:5:28"],
  );
  assert.deepEqual([error.line, error.column], [3, 16]);
  assert.match(error.trace, /if \(x \*\* 2 > 10\) throw new RangeError\('large'\);\n +\^/);
});

test("after await, frames are still the user's", async () => {
  const error = await failure("await null;\nawait (async () => {\n  await null;\n  null.x;\n})();");
  assert.match(error.frames[0]!, /cell\[1\]:4:8/);
  assert.equal(error.frames.length, 2);
});

test("frames of modules in between stay, the executor's do not", async () => {
  const error = await failure("JSON.parse('{', () => {});");
  assert.equal(error.name, "SyntaxError");
  assert.deepEqual(
    [...error.frames].map((frame) => frame.replace(/JSON\.parse \(<anonymous>\)/, "JSON.parse")),
    ["at JSON.parse", "at test.ipynb cell[1]:1:6"],
  );
});

test("a syntax error has its line and a caret", async () => {
  const error = await failure("const a: number = 1;\nconst bad: string = ;\n");
  assert.deepEqual([error.name, error.line, error.column], ["SyntaxError", 2, 21]);
  assert.equal(error.message, "Unexpected token ';'");
  assert.equal(
    error.trace,
    "SyntaxError: Unexpected token ';'\n    const bad: string = ;\n                        ^\n  at test.ipynb cell[1]:2:21",
  );
});

test("the cause of an error is told", async () => {
  const error = await failure("try { null.x } catch (e) { throw new Error('outer', { cause: e }) }");
  assert.match(error.trace, /^Error: outer[\s\S]*Caused by: TypeError: Cannot read/);
});

test("what is thrown need not be an error", async () => {
  const error = await failure("1;\nthrow { code: 3 }");
  assert.deepEqual([error.name, error.message], ["Uncaught", "{ code: 3 }"]);
});

test("a failed import says which line it stands on", async () => {
  const error = await failure("const a = 1;\nimport x from 'no-such-package-at-all';");
  assert.equal(error.line, 2);
  assert.match(error.message, /no-such-package-at-all/);
});

test("messages do not show how names are shared", async () => {
  assert.equal((await failure("let f = 1", "f()")).message, "f is not a function");
  assert.equal(
    (await failure("let o = {}", "o.p.q()")).message,
    "Cannot read properties of undefined (reading 'q')",
  );
});

test("the last value is shown as it asks to be", async () => {
  const { executor } = testExecutor();
  const own = await executor.execute(
    "({ [Symbol.for('Jupyter.display')]: () => ({ 'text/html': '<b>x</b>', 'text/plain': 'x' }) })",
  );
  assert.deepEqual(own, { ok: true, value: { "text/html": "<b>x</b>", "text/plain": "x" } });
  const later = await executor.execute(
    "({ v: 1, async [Symbol.for('Jupyter.display')]() { return { 'image/svg+xml': '<svg/>' } } })",
  );
  assert.ok(
    later.ok &&
      later.value?.["image/svg+xml"] === "<svg/>" &&
      String(later.value["text/plain"]).includes("v: 1"),
  );
  assert.deepEqual(await executor.execute("null"), { ok: true, value: { "text/plain": "null" } });
  assert.deepEqual(await executor.execute("undefined"), { ok: true });
  assert.deepEqual(await executor.execute("const x = 1"), { ok: true });
  assert.deepEqual(await executor.execute(""), { ok: true });
  assert.deepEqual(await executor.execute("'use strict'"), {
    ok: true,
    value: { "text/plain": "'use strict'" },
  });
});

test("display shows values in order, and updates them in place", async () => {
  const { executor, events } = testExecutor();
  const result = await executor.execute(`
    const slow = { async [Symbol.for("Jupyter.display")]() { await null; return { "text/plain": "slow" } } };
    const handle = display("a");
    display.html("<i>b</i>");
    const second = display(slow);
    second.update("after slow");
    handle.update("c");`);
  assert.ok(result.ok, result.ok ? "" : result.error.trace);
  const shown = events.map((event) =>
    event.type === "display" ? [event.update, event.data["text/plain"]] : event,
  );
  assert.deepEqual(shown, [
    [false, "'a'"],
    [false, "<i>b</i>"],
    [true, "'c'"],
    [false, "slow"],
    [true, "'after slow'"],
  ]);
  const ids = events.map((event) => (event.type === "display" ? event.displayId : undefined));
  assert.ok(ids[0] === ids[2] && ids[3] === ids[4] && ids[0] !== ids[1] && ids[0] !== ids[3]);
});

test("what is registered for the end of cells runs after each, also after an error, and can display", async () => {
  const hooks = globalThis as unknown as Record<symbol, (() => void)[] | ((bundle: object) => void)>;
  const list = ((hooks[Symbol.for("nabla.afterCell")] as (() => void)[] | undefined) ??=
    []) as (() => void)[];
  hooks[Symbol.for("nabla.afterCell")] = list;
  const flush = (): void =>
    (hooks[Symbol.for("nabla.display")] as (bundle: object) => void)({ "text/plain": "figure" });
  list.push(flush);
  const { executor, events } = testExecutor();
  await executor.execute("1");
  await executor.execute("throw 1");
  list.splice(list.indexOf(flush), 1);
  assert.equal(events.length, 2);
  assert.equal(hooks[Symbol.for("nabla.display")], undefined);
});

test("cells wait for the one before", async () => {
  const { executor } = testExecutor();
  const order = executor.execute("let v = 1; await new Promise((done) => setTimeout(done, 20)); v = 2");
  const second = executor.execute("v * 10");
  await order;
  assert.deepEqual(await second, { ok: true, value: { "text/plain": "20" } });
});

test("streams have the places in traces corrected", async () => {
  const { executor, events } = testExecutor();
  await executor.execute("let x = 1\nconst f = () => new Error('e').stack; const s = f(1 * x)");
  const result = await executor.execute("s");
  assert.ok(result.ok);
  executor.write(
    "stdout",
    "Error: e\n    at f (test.ipynb cell[1]:2:999)\n    at node:internal/x:1:1\n    at (file:///other.js:1:2)\nnext",
  );
  const [event] = events;
  assert.ok(event?.type === "stream");
  assert.match(event.text, /^Error: e\n {4}at f \(test\.ipynb cell\[1\]:2:\d+\)\nnext$/);
});

const completeness: readonly (readonly [string, string])[] = [
  ["1 + 1", "complete"],
  ["", "complete"],
  ["function f() {", "incomplete"],
  ["f(1,\n", "incomplete"],
  ["const s = `a", "incomplete"],
  ["/* comment", "incomplete"],
  ["const x =", "incomplete"],
  ["const x = ;", "invalid"],
  ["}", "invalid"],
  ["if (true) {\n  1 +", "incomplete"],
];

for (const [source, expected] of completeness) {
  test(`isComplete(${JSON.stringify(source)})`, () => assert.equal(isComplete(source), expected));
}
