/** @file `using` declarations, against what the language's specification says they do. */
import assert from "node:assert/strict";
import test from "node:test";
import { testExecutor } from "../notebook/testExecutor.js";

const prelude = `
const log = [];
const open = (name, fails) => ({ name, [Symbol.dispose]() { log.push("-" + name); if (fails) throw new Error("closing " + name) } });
const openAsync = (name) => ({ name, async [Symbol.asyncDispose]() { await null; log.push("-" + name) } });
`;

const cases: readonly (readonly [string, string, string])[] = [
  [
    "the last is disposed of first",
    "{ using a = open('a'), b = open('b'); using c = open('c'); log.push('body') }",
    "body -c -b -a",
  ],
  [
    "null and undefined are allowed",
    "{ using a = null; using b = undefined; log.push(String(a) + b) }",
    "nullundefined",
  ],
  [
    "a function's return value is made before",
    "const f = () => { using a = open('a'); return (log.push('value'), 1) }; log.push(f())",
    "value -a 1",
  ],
  [
    "an error disposes too",
    "try { using a = open('a'); throw new Error('body') } catch (e) { log.push(e.message) }",
    "-a body",
  ],
  [
    "an error while disposing hides the body's, and keeps it",
    "try { using a = open('a', true); throw new Error('body') } catch (e) { log.push(e.name, e.error.message, e.suppressed.message) }",
    "-a SuppressedError closing a body",
  ],
  ["for … of", "for (using a of [open('a'), open('b')]) log.push(a.name)", "a -a b -b"],
  ["for (;;)", "for (using a = open('a'); log.length < 2; ) log.push(a.name)", "a a -a"],
  [
    "break and continue",
    "for (const n of [1, 2, 3]) { using a = open(n); if (n === 2) break; continue }",
    "-1 -2",
  ],
  [
    "await using",
    "{ await using a = openAsync('a'); using b = open('b'); log.push('body') } log.push('after')",
    "body -b -a after",
  ],
  ["for await", "for (await using a of [openAsync('a'), openAsync('b')]) log.push(a.name)", "a -a b -b"],
  [
    "functions of the block see it",
    "{ log.push(f()); using a = open('a'); function f() { return 'early' } log.push(g()); function g() { return a.name } }",
    "early a -a",
  ],
  [
    "nested blocks",
    "{ using a = open('a'); { using b = open('b'); log.push('in') } log.push('out') }",
    "in -b out -a",
  ],
  [
    "generators",
    "function* f() { using a = open('a'); yield 1; yield 2 } for (const v of f()) { log.push(v); break }",
    "1 -a",
  ],
];

for (const [name, source, expected] of cases) {
  test(name, async () => {
    const { run } = testExecutor();
    assert.equal(await run(`${prelude}${source}\nlog.join(" ")`), `'${expected}'`);
  });
}

test("a value that cannot be disposed of is an error, and a constant may not be assigned to", async () => {
  const { run } = testExecutor();
  assert.match(
    await run("{ using a = 5 }"),
    /^TypeError: using: the value has no method \[Symbol\.dispose\]/,
  );
  assert.match(await run("{ using a = null; a = 1 }"), /^TypeError: Assignment to constant variable/);
});

test("at the top of a cell it lasts to the cell's end, also when the cell fails, and is known after it", async () => {
  const { run } = testExecutor();
  await run(`${prelude} using a = open("a"); f(); function f() { log.push("body") }; throw 1`);
  assert.equal(await run("log.push(a.name); log"), "[ 'body', '-a', 'a' ]");
});
