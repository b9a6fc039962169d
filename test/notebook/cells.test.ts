/** @file Cells against plain JavaScript: the same code must give the same value or the same error. */
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the cells are source text
import assert from "node:assert/strict";
import test from "node:test";
import { plainJavaScript, testExecutor } from "./testExecutor.js";

/** Statements, and the expression that is looked at. */
const cases: readonly (readonly [string, string])[] = [
  // Declarations
  ["const { a, b: [c = 2, ...d], ...e } = { a: 1, b: [undefined, 3, 4], f: 5, g: 6 }", "[a, c, d, e]"],
  ["let [x, y] = [1, 2]; [x, y] = [y, x]", "[x, y]"],
  ["let a = 1, b = a + 1, c", "[a, b, c]"],
  ["const { [`k${1}`]: v = 7 } = {}", "v"],
  ["let { f = () => 1, g = function () {}, h = class {} } = {}", "[f.name, g.name, h.name]"],
  [
    "const f = () => 1, g = function () {}, h = class {}, k = async () => {}, n = (() => 2)",
    "[f, g, h, k, n].map((x) => x.name)",
  ],
  ["const Named = class { static name = 'own' }", "Named.name"],
  ["let f; f = () => 1; let g; g ??= () => 2", "[f.name, g.name]"],
  ["for (var i = 0; i < 3; i++) {}\nvar i", "i"],
  ["for (var k in { a: 1, b: 2 }) {}", "k"],
  ["for (var v of [4, 5]) {}", "v"],
  ["let k; for (k of [7, 8]) {}", "k"],
  ["const o = {}; for (o.last of [1, 2]) {}", "o"],
  ["const seen = []; for (const [key, value] of Object.entries({ a: 1 })) seen.push(key, value)", "seen"],
  ["if (true) { var deep = 1 } else { var other = 2 }", "[deep, other]"],
  ["try { throw 1 } catch (error) { var caught = error } finally { var last = 2 }", "[caught, last]"],
  ["switch (2) { case 1: var one = 1; case 2: var two = 2; let three = 3 }", "[one, two, typeof three]"],
  [
    "outer: for (const a of [1, 2]) { for (const b of [1, 2]) { if (b === 2) continue outer; if (a === 2) break outer } }\nlet n = 1",
    "n",
  ],
  // Hoisting and order
  ["const r = f(); function f() { return 'hoisted' }", "r"],
  ["x", "1"],
  ["const a = b; const b = 1", "a"],
  ["const a = a + 1", "a"],
  ["b = 1; let b", "b"],
  ["const c = 1; c = 2", "c"],
  ["undeclared = 1", "1"],
  ["undeclared += 1", "1"],
  ["undeclared++", "1"],
  ["[undeclared] = [1]", "1"],
  ["const v = typeof undeclared", "v"],
  ["const v = typeof later; var later = 1", "[v, later]"],
  ["function f() { return typeof g } const before = f(); function g() {}", "before"],
  [
    "class A { static self = A; static name2 = A.name; method() { return A } }",
    "[A.self === A, A.name2, new A().method() === A]",
  ],
  ["class A {} class B extends A { constructor() { super(); this.x = super.toString() } }", "new B().x"],
  [
    "class A { #p = 1; static has(o) { return #p in o } inc() { this.#p += 2; this.#p++; return this.#p } }",
    "[A.has(new A()), A.has({}), new A().inc()]",
  ],
  ["class A { static { this.s = 1; var inner = 2; A.t = inner * this.s } }", "[A.s, A.t]"],
  ["class A { x = 2; y = this.x * 3; ['z' + 1] = this.y - 1; static w = 2 ** 3 }", "[new A(), A.w]"],
  ["class A { get v() { return 5 } set v(x) { this.u = x } }; const a = new A(); a.v = 2; a.v += 1", "a.u"],
  ["class A { constructor(n = 2 * 3, { m = n ** 2 } = {}) { this.s = n - m } }", "new A().s"],
  // Closures
  ["const fs = []; for (let i = 0; i < 3; i++) fs.push(() => i)", "fs.map((f) => f())"],
  ["const fs = []; for (var i = 0; i < 3; i++) fs.push(() => i)", "fs.map((f) => f())"],
  ["const fs = []; for (let i = 0; i < 3; i++) { fs.push(() => i * 10); i += 0 }", "fs.map((f) => f())"],
  ["let n = 0; const count = () => ++n; count(); count()", "n"],
  ["let x = 1; { let x = 2; { var y = x } }", "[x, y]"],
  ["let x = 1; function f(x) { x = x + 1; return x }", "[f(5), x]"],
  ["let x = 1; const f = ({ x }) => x * 2", "[f({ x: 3 }), x]"],
  ["let x = 1; function f(y = x) { var x = 2; return [x, y] }", "f()"],
  ["let e = 1; try { throw 2 } catch (e) { e = 3 }", "e"],
  ["let e = 1; try { throw 2 } catch { e = 3 }", "e"],
  [
    "const o = { m() { return this === o }, get g() { return this === o }, f: () => typeof this }",
    "[o.m(), o.g, o.f()]",
  ],
  ["function f() { return this } const g = { f }", "[f(), g.f() === g]"],
  ["function f() { return arguments.length } const g = (...a) => a.length", "[f(1, 2), g(1, 2, 3)]"],
  ["const fact = function self(n) { return n < 2 ? 1 : n * self(n - 1) }", "fact(5)"],
  ["const fib = (n) => n < 2 ? n : fib(n - 1) + fib(n - 2)", "fib(15)"],
  [
    "function* g() { const got = yield 1; yield got * 2; yield* [3, 4] } const it = g()",
    "[it.next().value, it.next(5).value, ...it]",
  ],
  [
    "async function* g() { yield 1; yield 2 } const all = []; for await (const v of g()) all.push(v ** 2)",
    "all",
  ],
  ["const v = await Promise.resolve(2) * await Promise.resolve(3)", "v"],
  ["const tag = (parts, ...values) => parts.raw.join('|') + values; const n = 2", "tag`a${n}b${n ** 2}c`"],
  ["const f = (s, ...v) => v", "f`${1 + 1}${'a' + 1}`"],
  ["const o = { a: { b: () => 5 } }", "[o?.a?.b?.(), o.x?.y.z, o.a?.['b'](), o.n?.[1]]"],
  ["const f = undefined", "f?.()"],
  ["const a = 1, b = 2", "({ a, b, c: a + b, ['d' + 1]: a - b, e() { return a } }).c"],
  ["const a = 1; const o = { a, b: { a } }", "o"],
  ["const a = [1, 2], b = [...a, ...a.map((x) => x * 2)]", "b"],
  ["let a = null; a ??= 5; let b = 0; b ||= 6; let c = 1; c &&= 7", "[a, b, c]"],
  ["let x = 5; const r = [x++, ++x, x--, --x, x]", "r"],
  ["const o = { n: 1 }; const r = [o.n++, ++o.n, o['n']--, o.n]", "r"],
  ["let s = '5'; s++", "s"],
  ["let b = 5n; b++; b *= 3n", "b"],
  ["let u; u++", "u"],
  ["const k = 1; k++", "k"],
  ["delete Object.freeze({ a: 1 }).a", "1"],
  ["label: { break label }", "1"],
  ["do var t = 1; while (false)\nlet z = 2", "[t, z]"],
  ["if (false) 1\nelse var q = 2", "q"],
  ["const f = () => ({}); const g = () => ({ a: 1 * 2 }).a", "[f(), g()]"],
  ["const f = x =>\n  x * 2 +\n  x", "f(3)"],
  ["const f = async x => await x * 2", "await f(Promise.resolve(4))"],
  ["const f = (x) => (y) => x * y + f2(x); const f2 = (x) => -x", "f(2)(3)"],
  ["const a = 2\nconst b = [a]\n;[b[0]] = [a * 3]\nlet c = b\n", "c"],
  ["let a = 1\nlet f = (x) => x\nlet b = a\nf(b)\nb++\n", "b"],
  ["const x = 1 // a comment\n/* another */ const y = x /* here */ * 2 // end", "y"],
  ["const re = /a+/g, s = 'caat'.replace(re, (m) => m.length * 2)", "s"],
  ["const d = new Date(0) - new Date(1000)", "d"],
  ["const m = new (class { v = 1 })().v + new Map([[1, 2]]).get(1)", "m"],
  ["var x = 1; var x = 2", "x"],
  ["let i = 0; const a = [1, 2, 3]; a[i++] += 10; a[i++] *= 2", "[i, a]"],
  ["let n = 0; const o = { get p() { n++; return { v: 1 } } }; o.p.v += 1; o.p.v **= 2", "n"],
  ["const o = { a: 'x' }; o.a += 1; o['a'] += 'y'", "o"],
  ["let s = ''; for (const c of 'abc') s += c + '-'", "s"],
  ["let x = 1; x += (x = 5, 10)", "x"],
  ["let x = 2; const y = x * (x = 3) + x", "y"],
  ["let x = 2; const f = () => (x = 10); const y = x + f() * x", "y"],
  ["const y = ((1, 2) * (3, 4)) ** (0, 2)", "y"],
  ["const y = true ? 1 + 1 : 2 - 1, z = (0 || 5) * (null ?? 2)", "[y, z]"],
  [
    "const t = 1 < 2 === 2 > 1, u = 'a' < 'b', v = [2] > 1, w = null >= 0, q = undefined <= 0",
    "[t, u, v, w, q]",
  ],
  [
    "const a = -'3', b = +'4', c = -(-2), d = - -3, e = +true, f = -null, g = -(2 ** 2), h = (-2) ** 2",
    "[a, b, c, d, e, f, g, h]",
  ],
  ["const z = [-0, 0 * -1, -(0)]", "z.map((v) => Object.is(v, -0))"],
  ["const s = 1 + 2 + 'a' + 1 + 2, t = 'a' + -1, u = [] + {}, v = [] * 2, w = {} - 1", "[s, t, u, v, w]"],
  ["const b = 2n ** 3n * 4n - 1n / 2n % 3n, c = -5n", "[b, c]"],
  ["const bad = 1n * 2", "1"],
  ["const bad = +1n", "1"],
  ["const bad = Symbol() + 1", "1"],
  ["const bad = `${Symbol()}` * 2", "1"],
  ["null.x * 2", "1"],
  ["undefinedFunction(1) + 1", "1"],
  ["const o = {}; o.missing(1)", "1"],
  ["let notFunction = 3; notFunction()", "1"],
  ["throw 5", "1"],
  ["throw { a: 1 }", "1"],
  [
    "const order = []; const f = (n) => (order.push(n), n); f(1) + f(2) * f(3) - (f(4) - f(5)) ** f(6) < f(7)",
    "order",
  ],
  [
    "const order = []; const v = (n) => ({ valueOf() { order.push(n); return n } });" +
      "const f = (n) => (order.push('f' + n), v(n)); f(1) * f(2) + f(3) / f(4); v(5) + f(6) * v(7) > f(8)",
    "order",
  ],
  [
    "const order = []; const o = { get a() { order.push('a'); return 1 } }; const f = () => (order.push('f'), 2); o.a * o.a + f() * o.a",
    "order",
  ],
  [
    "const a = { valueOf: () => 2, toString: () => 'x' }; const b = { [Symbol.toPrimitive]: (hint) => hint }",
    "[a + 1, a * 3, `${a}`, b + '', b * 1, -b]",
  ],
  ["const x = new Proxy({ n: 1 }, { get: (t, k) => t[k] * 2 }); x.n += 1", "x.n"],
  ["let a = 0; const r = a++ + a++ * ++a", "[r, a]"],
  ["let a = [1, 2, 3], i = 0; const r = a[i++] * a[i++] + a[i]", "[r, i]"],
  [
    "const big = Array.from({ length: 300 }, (_, i) => i)",
    `${Array.from({ length: 300 }, (_, i) => `big[${i}]`).join(" + ")}`,
  ],
  ["var { length } = 'abc'; var [first] = 'xyz'", "[length, first]"],
  ["const import_ = 1, $_ = 2, $_op = 3, $_scope = 4, $_1 = 5", "import_ + $_ * $_op - $_scope / $_1"],
  ["let async = 1, of = 2, get = 3, as = 4, type = 5, using = 6", "async + of + get + as + type + using"],
  ["const __proto__ = 5", "__proto__ * 2"],
  ["const \\u0061b = 1", "ab + 1"],
  ["const ünï = 2, λ = (ö) => ö * ünï", "λ(3)"],
  ["const f = function () { 'use strict'; return 2 * f.length }", "f()"],
  ["const f = () => { 'use strict'; const g = 2; return g * f.length }", "f()"],
  [
    "const o = { async *g() { yield 1 }, async m() { return 2 }, *h() { yield 3 }, ['c' + 1]() { return 4 } }",
    "[(await o.g().next()).value, await o.m(), [...o.h()], o.c1()]",
  ],
  ["const a = new (function F(x) { this.x = x * 2; this.t = new.target === F })(4)", "[a.x, a.t]"],
  ["const f = (a, b = a * 2, ...[c = b - 1]) => [a, b, c]", "f(1)"],
  ["let x = 0; const f = (a = (x += 2)) => a * x", "[f(), f(5), x]"],
  ["const g = function () { return [...arguments].reduce((a, b) => a + b) }", "g(1, 2, 3)"],
  ["const { log: ln, PI } = Math", "ln(1) + PI * 0"],
  ["const m = Math.max(...[1, 2 * 3]) - Math.min(4 ** 0.5, 3)", "m"],
  ["const obj = { if: 1, class: 2 }", "obj.if + obj.class * 2"],
  ["let x = 1; x = x === 1 ? x + 1 : x - 1; const y = !x + ~x", "[x, y]"],
  ["const v = void 0, c = (1, 2), i = 'a' in { a: 1 }, n = [] instanceof Array", "[v, c, i, n]"],
  ["let r = 0; for (let i = 0, n = 3; i < n; r += i++);\nlet q = r", "q"],
  ["let r = 0; for (;;) { if (r++ >= 3) break }", "r"],
  ["let r = 0; while (r < 3) r++\nr *= 2", "r"],
  [
    "const f = (x) => { switch (x % 3) { case 0: return 'zero'; case 1: { const y = x * 2; return y } default: return -x } }",
    "[f(3), f(4), f(5)]",
  ],
];

for (const [statements, expression] of cases) {
  test(`as plain JavaScript: ${statements} ⟶ ${expression.slice(0, 60)}`, async () => {
    const expected = await plainJavaScript(statements, expression);
    const actual = await testExecutor().run(`${statements}\n;${expression}`);
    assert.equal(withoutAdvice(actual), withoutAdvice(expected));
  });
}

// The language says once; engines have been seen to do it twice, so this one is not compared with them.
test("a compound assignment turns its key into a string once", async () => {
  const { run } = testExecutor();
  await run("let calls = 0; const key = { toString() { calls++; return 'z' } }; const o = { z: 1 }");
  assert.equal(await run("o[key] += 1; [calls, o]"), "[ 1, { z: 2 } ]");
});

/** Our errors of names may say more than the engine's, and name the variable. */
function withoutAdvice(text: string): string {
  return text
    .replace(/( is not defined): declare.*/, "$1")
    .replace(/(Assignment to constant variable)\.? ?.*/, "$1")
    .trim();
}
