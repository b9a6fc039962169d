/** @file What the operator rewrite costs: numeric loops in cells against the same loops in plain JavaScript. */
import vm from "node:vm";
import { CellExecutor } from "nabla/notebook";

/** A value that takes part in operators, so that the helper and the loops see more than numbers. */
class Wrapped {
  constructor(readonly value: number) {}

  get [Symbol.for("nabla.operators")](): object {
    const number = (x: unknown): number => (x instanceof Wrapped ? x.value : (x as number));
    return {
      add: (a: unknown, b: unknown) => new Wrapped(number(a) + number(b)),
      sub: (a: unknown, b: unknown) => new Wrapped(number(a) - number(b)),
      mul: (a: unknown, b: unknown) => new Wrapped(number(a) * number(b)),
      pow: (a: unknown, b: unknown) => new Wrapped(number(a) ** number(b)),
      lt: (a: unknown, b: unknown) => number(a) < number(b),
    };
  }
}

const loops = {
  polynomial: "let s = 0; for (let i = 0; i < n; i++) { s += i * i - 6 * i + 5; } return s;",
  floats: "let x = 0.5; for (let i = 0; i < n; i++) { x = 3.7 * x * (1 - x); } return x;",
  calls:
    "const f = (x) => x * x - 6 * x + 5; let s = 0; for (let i = 0; i < n; i++) { s += f(i) * 0.5; } return s;",
  arrays:
    "const a = new Float64Array(1000).fill(0.5); let s = 0;" +
    "for (let i = 0; i < n; i++) { a[i % 1000] += 1e-9 * i; s += a[i % 1000] * 2 - 1; } return s;",
};

const topLevel = {
  sum: "let s = 0; for (let i = 0; i < n; i++) { s += i * i - 6 * i + 5; }",
  floats: "let x = 0.5; for (let i = 0; i < n; i++) { x = 3.7 * x * (1 - x); }",
  "shared counter": "let s = 0; let i = 0; while (i < n) { s += i * 0.5; i++; }",
};

const count = 10_000_000;
const executor = new CellExecutor({
  filename: "bench.ipynb",
  importModule: (specifier) => import(specifier),
  emit: () => {},
  inspect: String,
});

async function cell(source: string): Promise<void> {
  const result = await executor.execute(source);
  if (!result.ok) throw new Error(result.error.trace);
}

async function best(run: () => unknown): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let repeat = 0; repeat < 5; repeat++) {
    const start = performance.now();
    await run();
    least = Math.min(least, performance.now() - start);
  }
  return least;
}

function report(name: string, native: number, ours: number, bound: number): void {
  const ratio = ours / native;
  const verdict = ratio <= bound ? "" : `  above the bound of ${bound}`;
  console.log(
    `${name.padEnd(44)} ${native.toFixed(1).padStart(7)} ms ${ours.toFixed(1).padStart(8)} ms  × ${ratio.toFixed(2)}${verdict}`,
  );
  if (ratio > bound) process.exitCode = 1;
}

console.log(`${count.toExponential()} iterations: native, in a cell, ratio`);
await cell(`const n = ${count}`);
(globalThis as Record<string, unknown>)["BenchWrapped"] = Wrapped;
for (const [name, body] of Object.entries(loops)) {
  const native = vm.runInThisContext(`(function (n) { "use strict"; ${body} })`) as (n: number) => unknown;
  const nativeTime = await best(() => native(count));
  await cell(`function loop_${name}(n) { ${body} }`);
  report(`function: ${name}`, nativeTime, await best(() => cell(`loop_${name}(n)`)), 4);
}
for (const [name, body] of Object.entries(topLevel)) {
  const native = vm.runInThisContext(`(async function (n) { "use strict"; ${body} })`) as (
    n: number,
  ) => Promise<unknown>;
  const nativeTime = await best(() => native(count));
  report(`top level: ${name}`, nativeTime, await best(() => cell(body)), 15);
}
await cell("const w = new BenchWrapped(2); for (let i = 0; i < 20000; i++) w * w + 3 - w ** 2 < w");
for (const [name, body] of Object.entries(loops)) {
  const native = vm.runInThisContext(`(function (n) { "use strict"; ${body} })`) as (n: number) => unknown;
  const nativeTime = await best(() => native(count));
  report(`function, helper used: ${name}`, nativeTime, await best(() => cell(`loop_${name}(n)`)), 4);
}
const polymorphic = "let s = 0 * one; for (let i = 0; i < n; i++) { s = s + one * i - 6 * i; } return s;";
const native = vm.runInThisContext(`(function (n, one) { "use strict"; ${polymorphic} })`) as (
  n: number,
  one: number,
) => unknown;
const nativeTime = await best(() => native(count, 1));
await cell(
  `function both(n, one) { ${polymorphic} }; for (let i = 0; i < 2000; i++) both(20, new BenchWrapped(1))`,
);
report("function that has taken tensors too", nativeTime, await best(() => cell("both(n, 1)")), 4);
for (const [name, body] of Object.entries(topLevel)) {
  const native = vm.runInThisContext(`(async function (n) { "use strict"; ${body} })`) as (
    n: number,
  ) => Promise<unknown>;
  const nativeTime = await best(() => native(count));
  report(`top level, helper used: ${name}`, nativeTime, await best(() => cell(body)), 15);
}
