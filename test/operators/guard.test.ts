/** @file Guarded cells: what they mean does not change, and a flag stops them wherever they are. */
import assert from "node:assert/strict";
import test from "node:test";
import { inspect } from "node:util";
import { Worker } from "node:worker_threads";
import { CellExecutor, createInterruptFlag, rewriteCell, setInterruptFlag } from "nabla/notebook";
import { plainJavaScript } from "../notebook/testExecutor.js";

function guardedExecutor(flag = createInterruptFlag()): CellExecutor {
  return new CellExecutor({
    filename: "test.ipynb",
    importModule: (specifier) => import(specifier),
    inspect: (value) => inspect(value),
    emit: () => {},
    interruptFlag: flag,
  });
}

async function run(executor: CellExecutor, source: string): Promise<string> {
  const result = await executor.execute(source);
  if (!result.ok) return `${result.error.name}: ${result.error.message}`;
  return result.value === undefined ? "undefined" : String(result.value["text/plain"]);
}

/** Statements and an expression whose value plain JavaScript must agree on. */
const programs: readonly (readonly [string, string, string])[] = [
  ["for without braces", "let s = 0; for (let i = 0; i < 5; i++) s += i", "s"],
  ["an empty body", "let i = 0; for (; i < 5; i++);", "i"],
  [
    "while, do, continue",
    "let s = 0, i = 0; while (i < 9) { i++; if (i % 2) continue; s += i } do s--; while (s > 7)",
    "[s, i]",
  ],
  [
    "labels",
    "let s = ''; a: for (const x of [1, 2, 3]) { for (const y in { p: 1, q: 2 }) { if (x === 2) continue a; if (x === 3) break a; s += x + y } }",
    "s",
  ],
  ["closures in loops", "const f = []; for (let i = 0; i < 3; i++) f.push(() => i)", "f.map((g) => g())"],
  [
    "recursion and default parameters",
    "const fib = (n, one = 1) => n < 2 ? one : fib(n - 1) + fib(n - 2)",
    "fib(10)",
  ],
  ["directives", "function f() { 'use strict'\n return this }", "f()"],
  [
    "arrows that give objects and functions",
    "const f = (x) => ({ x }), g = () => () => 2",
    "[f(1), g()(), g().name]",
  ],
  [
    "generators",
    "function* g() { for (let i = 0; i < 3; i++) yield i } async function* h() { for (const x of g()) yield x * 2 } const out = []; for await (const x of h()) out.push(x)",
    "out",
  ],
  [
    "for await over promises and over values",
    "const out = []; for await (const x of [Promise.resolve(1), 2]) out.push(x)",
    "out",
  ],
  [
    "for await ends its iterator early",
    "const out = []; async function* g() { try { yield 1; yield 2 } finally { out.push('end') } } for await (const x of g()) { out.push(x); break }",
    "out",
  ],
  [
    "for await closes nothing that is done",
    "const out = []; const it = { n: 0, [Symbol.asyncIterator]() { return this }, async next() { return { done: this.n++ > 1, value: this.n } }, async return() { out.push('return'); return {} } }; for await (const x of it) out.push(x)",
    "out",
  ],
  [
    "classes",
    "class A { static n = 0; static { for (let i = 0; i < 3; i++) A.n += i * 2 } #x = 1; constructor(y) { this.y = y } get x() { return this.#x } set x(v) { this.#x = v } async m() { return await this.y } } class B extends A { constructor() { super(5) } } const b = new B(); b.x = 7",
    "[A.n, b.x, await b.m()]",
  ],
  [
    "await in expressions",
    "const f = async (x) => x; const r = [await f(1), await (0, f)(2), (await f([3]))[0], await null]",
    "r",
  ],
  [
    "await of an error",
    "let r; try { await Promise.reject(new Error('no')) } catch (e) { r = e.message }",
    "r",
  ],
  ["await of thenables", "const r = await { then(f) { f(4) } }", "r"],
];

for (const [name, statements, expression] of programs) {
  test(`a guard changes nothing: ${name}`, async () => {
    const expected = await plainJavaScript(statements, expression);
    assert.equal(await run(guardedExecutor(), `${statements};\n${expression}`), expected);
  });
}

/** What never ends; `flagged` sets the flag, as another thread would, once it is called for the hundredth time. */
const endless = [
  "while (true) flagged()",
  "for (;;) { flagged() }",
  "do { flagged() } while (true)",
  "function* forever() { while (true) yield 1 } for (const _ of forever()) flagged()",
  "while (true) { try { while (true) flagged() } catch {} }",
  "while (true) { try { flagged() } finally { continue } }",
  "[1].map(function again() { flagged(); return Array.from({ length: 1e9 }, () => flagged()) })",
  "class A { static { while (true) flagged() } }",
  "const f = async () => { while (true) { flagged(); await null } }; await f()",
  "async function* g() { for (;;) yield flagged() } for await (const _ of g());",
];

for (const source of endless) {
  test(`the flag stops: ${source}`, async () => {
    const flag = createInterruptFlag();
    const executor = guardedExecutor(flag);
    let calls = 0;
    (globalThis as Record<string, unknown>)["flagged"] = () => {
      if (++calls === 100) setInterruptFlag(flag, true);
    };
    assert.equal(await run(executor, `let kept = 'kept';\n${source}`), "Interrupted: the cell was stopped");
    assert.ok(calls <= 102, `${calls} calls`);
    setInterruptFlag(flag, false);
    assert.equal(await run(executor, "kept"), "'kept'");
  });
}

test("the error names the line that ran", async () => {
  const flag = createInterruptFlag();
  const executor = guardedExecutor(flag);
  (globalThis as Record<string, unknown>)["flagged"] = () => setInterruptFlag(flag, true);
  const result = await executor.execute("let n = 0\n\nwhile (true) {\n  flagged()\n}");
  assert.ok(!result.ok);
  assert.equal(result.error.line, 3);
  assert.match(result.error.trace, /while \(true\) \{\n/);
});

const waits = [
  "await new Promise(() => {})",
  "new Promise(() => {})",
  "for await (const x of { [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => {}) }) });",
  "const f = async () => { await new Promise(() => {}) }; await f()",
  "display(new (class { [Symbol.for('Jupyter.display')]() { return new Promise(() => {}) } })())",
];

for (const source of waits) {
  test(`interrupt ends the wait: ${source}`, { timeout: 10_000 }, async () => {
    const executor = guardedExecutor();
    const cell = run(executor, `let kept = 1; ${source}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
    executor.interrupt();
    // What hangs while the cell is being ended takes a second word.
    await new Promise((resolve) => setTimeout(resolve, 20));
    executor.interrupt();
    assert.equal(await cell, "Interrupted: the cell was stopped");
    assert.equal(await run(executor, "kept"), "1");
  });
}

test("what a stopped cell waited for does not go on when it comes", async () => {
  const executor = guardedExecutor();
  const cell = run(executor, "let done = 0; await new Promise((r) => setTimeout(r, 50)); done = 1");
  await new Promise((resolve) => setTimeout(resolve, 10));
  executor.interrupt();
  await cell;
  await new Promise((resolve) => setTimeout(resolve, 80));
  assert.equal(await run(executor, "done"), "0");
});

/** What work that a cell began does when it looks at the signal of that cell. */
test("long work learns by a signal that its cell was stopped, later cells do not", async () => {
  const executor = guardedExecutor();
  const signal = 'globalThis[Symbol.for("nabla.signal")]';
  const cell = run(executor, `const first = ${signal}; await new Promise(() => {})`);
  await new Promise((resolve) => setTimeout(resolve, 10));
  executor.interrupt();
  await cell;
  assert.equal(
    await run(executor, `[first.aborted, first.reason.name, ${signal}.aborted]`),
    "[ true, 'Interrupted', false ]",
  );
});

test("an interrupt between cells stops none", async () => {
  const executor = guardedExecutor();
  await executor.execute("let n = 0");
  executor.interrupt();
  assert.equal(await run(executor, "while (n < 3) n++; n"), "3");
});

/** Loops in which nothing but the flag changes hands: the engine must look at it all the same. */
const tight = [
  "while (true);",
  "for (let i = 0; ; i = (i + 1) | 0) {}",
  "let x = 0.5; while (true) { x = 3.7 * x * (1 - x) }",
];

for (const source of tight) {
  test(`another thread stops: ${source}`, { timeout: 30_000 }, async (context) => {
    const flag = createInterruptFlag();
    const { code } = rewriteCell(source, { guard: true });
    const program = `
      const { parentPort, workerData } = require("node:worker_threads");
      const stop = () => { throw new Error("stopped") };
      const mark = {};
      parentPort.postMessage("running");
      (${code})({}, {}, mark, { stop }, "f", workerData).catch((error) => parentPort.postMessage(error.message));`;
    const worker = new Worker(program, { eval: true, workerData: flag });
    context.after(() => worker.terminate());
    const message = (): Promise<unknown> => new Promise((resolve) => worker.once("message", resolve));
    assert.equal(await message(), "running");
    // Long enough for the engine's last compiler.
    await new Promise((resolve) => setTimeout(resolve, 500));
    const stopped = message();
    setInterruptFlag(flag, true);
    assert.equal(await stopped, "stopped");
  });
}
