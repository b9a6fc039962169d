/** @file Operators on values that take part in them, in cells. */
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the expressions are source text
import assert from "node:assert/strict";
import test from "node:test";
import { testExecutor } from "../notebook/testExecutor.js";
import { Term } from "./operand.js";

(globalThis as Record<string, unknown>)["TestTerm"] = Term;

/** Runs a cell in which x, y and v stand for terms, of which v has the value 3. */
async function run(source: string): Promise<string> {
  const { run: runCell } = testExecutor();
  await runCell("let x = new TestTerm('x'), y = new TestTerm('y'), v = new TestTerm('v', 3); const n = 2");
  return runCell(
    `const shown = (() => {${"\n"}return ${source}${"\n"}})(); shown instanceof TestTerm ? shown.text : shown`,
  );
}

const expressions: readonly (readonly [string, string])[] = [
  ["x ** 2 - 6 * x + 5", "(((x ** 2) - (6 * x)) + 5)"],
  ["x * y / n", "((x * y) / 2)"],
  ["-x", "-x"],
  ["-(x ** 2) / 2", "(-(x ** 2) / 2)"],
  ["(-x) ** 2", "(-x ** 2)"],
  ["2 ** x ** y", "(2 ** (x ** y))"],
  ["1 + 2 * 3 + x", "(7 + x)"],
  ["x + (1 + 2)", "(x + 3)"],
  ["x * [1, 2]", "(x * [1,2])"],
  ["[1, 2] - x", "([1,2] - x)"],
  ["((a, b = a * y) => a + b)(x)", "(x + (x * y))"],
  ["new (class { z = x * 2 })().z", "(x * 2)"],
  ["(() => { let s = x; s *= 2; s -= y; s **= n; s /= 4; return s })()", "((((x * 2) - y) ** 2) / 4)"],
  ["(() => { const o = { p: x }; o.p += y; o['p'] *= 2; return o.p })()", "((x + y) * 2)"],
  ["(() => { const o = [x], i = () => 0; o[i()] -= 1; return o[0] })()", "(x - 1)"],
  ["(() => { class A { #p = x; m() { this.#p += 1; return this.#p } } return new A().m() })()", "(x + 1)"],
  ["[x, y].map((t) => t * 2).map(String).join()", "'(x * 2),(y * 2)'"],
  ["'loss ' + x", "'loss x'"],
  ["x + ' is it'", "'x is it'"],
  ["`${x * 2}`", "'(x * 2)'"],
  ["(() => { let s = 'at '; s += x; return s })()", "'at x'"],
  ["v < 4", "true"],
  ["4 < v", "false"],
  ["v <= 3 && v >= 3 && !(v > 3)", "true"],
  ["v < v * 1 ? 1 : 2", "TypeError"],
  ["x === x && x !== y && x == x", "true"],
  [
    "x < 1",
    "TypeError: a < b gives one true or false, so both sides must be scalars; the result here has shape [2]. Compare elements with tf.less(a, b)",
  ],
  [
    "x >= y",
    "TypeError: a >= b gives one true or false, so both sides must be scalars; the result here has shape [2]. Compare elements with tf.greaterEqual(a, b)",
  ],
];

for (const [source, expected] of expressions) {
  test(`${source} ⟶ ${expected.slice(0, 40)}`, async () => {
    const actual = await run(source);
    if (expected === "TypeError") assert.match(actual, /^TypeError: /);
    else assert.equal(actual.replace(/^'(\(.*|-.*)'$/, "$1"), expected.replace(/^'(\(.*|-.*)'$/, "$1"));
  });
}

const teaching: readonly (readonly [string, RegExp])[] = [
  ["x % 2", /% is not defined for a Term.*floormod/],
  ["+x", /unary \+ .*item\(\)/],
  ["(() => { let s = x; s++; return s })()", /\+\+ counts a number.*x = x \+ 1.*assignAdd/],
  ["(() => { let s = x; --s; return s })()", /-- counts a number.*x = x - 1.*assignSub/],
  ["(() => { const o = { p: x }; o.p++; return o })()", /not a number/],
  ["(() => { let s = x; s %= 2; return s })()", /% is not defined/],
];

for (const [source, expected] of teaching) {
  test(`${source} throws and teaches`, async () => {
    const actual = await run(source);
    assert.match(actual, /^TypeError: /);
    assert.match(actual, expected);
  });
}

test("a compound assignment evaluates its target once", async () => {
  const { run: cell } = testExecutor();
  await cell(
    "let calls = 0; const o = { p: new TestTerm('p') }; const f = () => { calls++; return o }; const k = () => { calls++; return 'p' }",
  );
  assert.equal(await cell("f()[k()] *= 2; [calls, o.p.text]"), "[ 2, '(p * 2)' ]");
});

test("a function works on numbers and on terms, in turn", async () => {
  const { run: cell } = testExecutor();
  await cell("const f = (x) => x ** 2 - 6 * x + 5; const x = new TestTerm('x')");
  assert.equal(
    await cell("[f(2), f(x).text, f(3), f(x).text, f(10n ** 0n * 1n === 1n ? 4 : 0)]"),
    "[\n  -3,\n  '(((x ** 2) - (6 * x)) + 5)',\n  -4,\n  '(((x ** 2) - (6 * x)) + 5)',\n  -3\n]",
  );
});

test("operations are done in JavaScript's order", async () => {
  const { run: cell } = testExecutor();
  const source = `
    const order = [];
    class Logged { constructor(n) { this.n = n }
      get [Symbol.for("nabla.operators")]() { return {
        add: (a, b) => { order.push("add"); return new Logged(0) },
        mul: (a, b) => { order.push("mul"); return new Logged(0) } } } }
    const f = (n) => { order.push("f" + n); return new Logged(n) };
    f(1) * f(2) + f(3) * f(4);
    order.join(" ")`;
  assert.equal(await cell(source), "'f1 f2 mul f3 f4 mul add'");
});

test("a unary minus before the base of ** is explained", async () => {
  const { executor } = testExecutor();
  const result = await executor.execute("const x = 3;\nconst y = -x ** 2;");
  assert.ok(!result.ok);
  assert.match(result.error.message, /write -\(x \*\* 2\) .* or \(-x\) \*\* 2/);
  assert.deepEqual([result.error.line, result.error.column], [2, 14]);
});
