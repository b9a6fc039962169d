/** @file What the operator rewrite costs: numeric loops in cells against the same loops in plain JavaScript. */
import vm from "node:vm";
import { CellExecutor, createInterruptFlag } from "nabla/notebook";

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

function executorWith(options: { interruptFlag?: Int32Array }): CellExecutor {
  const importModule = (specifier: string): Promise<object> => import(specifier);
  return new CellExecutor({
    filename: "bench.ipynb",
    importModule,
    emit: () => {},
    inspect: String,
    ...options,
  });
}

type RunCell = (source: string) => Promise<void>;

function runnerOf(executor: CellExecutor): RunCell {
  return async (source) => {
    const result = await executor.execute(source);
    if (!result.ok) throw new Error(result.error.trace);
  };
}

async function best(run: () => unknown): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let repeat = 0; repeat < 12; repeat++) {
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

/** The same loops in functions. */
async function compareFunctions(cell: RunCell, label: string): Promise<void> {
  for (const [name, body] of Object.entries(loops)) {
    const native = vm.runInThisContext(`(function (n) { "use strict"; ${body} })`) as (n: number) => unknown;
    const nativeTime = await best(() => native(count));
    await cell(`function loop_${name}(n) { ${body} }`);
    report(`function${label}: ${name}`, nativeTime, await best(() => cell(`loop_${name}(n)`)), 4);
  }
}

/** The same loops at the top of a cell. */
async function compareTopLevel(cell: RunCell, label: string): Promise<void> {
  for (const [name, body] of Object.entries(topLevel)) {
    const native = vm.runInThisContext(`(async function (n) { "use strict"; ${body} })`) as (
      n: number,
    ) => Promise<unknown>;
    const nativeTime = await best(() => native(count));
    report(`top level${label}: ${name}`, nativeTime, await best(() => cell(body)), 15);
  }
}

/** A function that has computed with numbers and with other values. */
async function compareMixed(cell: RunCell): Promise<void> {
  const mixed = "let s = 0 * one; for (let i = 0; i < n; i++) { s = s + one * i - 6 * i; } return s;";
  const native = vm.runInThisContext(`(function (n, one) { "use strict"; ${mixed} })`) as (
    n: number,
    one: number,
  ) => unknown;
  const nativeTime = await best(() => native(count, 1));
  await cell(
    `function both(n, one) { ${mixed} }; for (let i = 0; i < 2000; i++) both(20, new BenchWrapped(1))`,
  );
  report("function that has taken tensors too", nativeTime, await best(() => cell("both(n, 1)")), 4);
}

async function compare(executor: CellExecutor): Promise<void> {
  const cell = runnerOf(executor);
  await cell(`const n = ${count}`);
  await compareFunctions(cell, "");
  await compareTopLevel(cell, "");
  await cell("const w = new BenchWrapped(2); for (let i = 0; i < 20000; i++) w * w + 3 - w ** 2 < w");
  await compareFunctions(cell, ", helper used");
  await compareMixed(cell);
  await compareTopLevel(cell, ", helper used");
}

console.log(`${count.toExponential()} iterations: native, in a cell, ratio`);
(globalThis as Record<string, unknown>)["BenchWrapped"] = Wrapped;
await compare(executorWith({}));
console.log("\nWith a guard by which cells can be stopped");
await compare(executorWith({ interruptFlag: createInterruptFlag() }));
