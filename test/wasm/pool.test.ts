/** @file The pool: every unit once, order of steps, errors, recovery, and a process that still ends. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import test, { after } from "node:test";
import { Heap } from "../../src/backends/wasm/heap.js";
import { installLaneFunctions, RoutineLibrary } from "../../src/backends/wasm/module.js";
import { type Plan, Pool, planSteps, type Step } from "../../src/backends/wasm/pool.js";
import type { Routine } from "../../src/backends/wasm/routine.js";

const UNITS = 400;

/** Unit u: x[u] = x[u] · 3 + 1, after `spins` turns of an empty loop; traps at unit `trap` of a worker that is not the host. */
const step: Routine = {
  key: "test: x = 3x + 1",
  imports: [],
  args: [],
  units: UNITS,
  unitCost: 0,
  write: (f) => {
    const [args, begin, end, worker] = f.parameters as [never, never, never, never];
    const [unit, address, turns, limit] = [f.local("i32"), f.local("i32"), f.local("i32"), f.local("i32")];
    f.get(args).memory("i32.load", 4).set(limit);
    f.get(begin).set(unit);
    f.countTo(unit, end, 1, () => {
      f.i32(0).set(turns);
      f.countTo(turns, limit, 1, () => {});
      f.get(worker)
        .i32(0)
        .op("i32.ne")
        .get(unit)
        .get(args)
        .memory("i32.load", 8)
        .op("i32.ge_s")
        .op("i32.and");
      f.if(() => f.op("unreachable"));
      f.get(args).memory("i32.load").get(unit).i32(4).op("i32.mul").op("i32.add").set(address);
      f.get(address)
        .get(address)
        .memory("i32.load")
        .i32(3)
        .op("i32.mul")
        .i32(1)
        .op("i32.add")
        .memory("i32.store");
    });
  },
};

/** The same for one unit, through a function of JavaScript. */
const imported: Routine = {
  ...step,
  key: "test: x = f(x)",
  imports: ["timesThreePlusOne"],
  write: (f) => {
    const [args, begin, end] = f.parameters as [never, never, never];
    const [unit, address] = [f.local("i32"), f.local("i32")];
    f.get(begin).set(unit);
    f.countTo(unit, end, 1, () => {
      f.get(args).memory("i32.load").get(unit).i32(4).op("i32.mul").op("i32.add").set(address);
      f.get(address).get(address).memory("i32.load").op("f64.convert_i32_s");
      f.call(f.module.import("env", "timesThreePlusOne", ["f64"], ["f64"]));
      f.op("i32.trunc_sat_f64_s").memory("i32.store");
    });
  },
};

installLaneFunctions({ timesThreePlusOne: (x: number) => 3 * x + 1 });

const heap = new Heap();
const library = new RoutineLibrary(heap);
const pool = new Pool(library);
pool.threads = 3;
after(() => pool.stop());

const NEVER = 2 ** 31 - 1;

interface Work {
  readonly values: number;
  readonly plan: Plan;
}

/** `count` steps over one array, each of which believes to be expensive. */
function work(count: number, { turns = 20_000, trap = NEVER, between = [] as Step[] } = {}): Work {
  const values = heap.allocate(4 * UNITS, "values");
  const args = heap.allocate(12, "arguments");
  heap.view("int32", values, UNITS).fill(1);
  heap.view("int32", args, 3).set([values, turns, trap]);
  const [routine] = library.load([step]);
  const steps = Array.from({ length: count }, (): Step[] => [
    { routine: routine!, args, units: UNITS, unitCost: 10_000 },
    ...between,
  ]);
  return { values, plan: planSteps(steps.flat()) };
}

/** x ← 3x + 1, so often, from 1, in 32 bits. */
function expected(times: number): number {
  let x = 1;
  for (let i = 0; i < times; i++) x = (Math.imul(x, 3) + 1) | 0;
  return x;
}

const result = (address: number): number[] => [...heap.view("int32", address, UNITS)];
const all = (value: number): number[] => Array<number>(UNITS).fill(value);

/** Waits until the workers take part. */
async function workersUp(): Promise<void> {
  pool.start();
  while (pool.ready < pool.threads - 1) await new Promise((resolve) => setTimeout(resolve, 5));
}

test("a program is right while its workers are still starting", () => {
  const { plan, values } = work(20, { turns: 1000 });
  pool.run(plan);
  assert.ok(plan.threaded);
  assert.deepEqual(result(values), all(expected(20)));
});

test("every unit of every step is done once, in the order of the steps", async () => {
  await workersUp();
  for (const turns of [0, 100, 10_000]) {
    const { plan, values } = work(100, { turns });
    pool.run(plan);
    assert.deepEqual(result(values), all(expected(100)));
  }
});

test("calls of JavaScript come between the steps", async () => {
  await workersUp();
  const seen: number[] = [];
  let address = 0;
  const look = { host: () => void seen.push(...new Set(heap.view("int32", address, UNITS))) };
  const { plan, values } = work(5, { between: [look, look] });
  address = values;
  pool.run(plan);
  assert.deepEqual(
    seen,
    [1, 2, 3, 4, 5].flatMap((times) => [expected(times), expected(times)]),
  );
});

test("routines with imports run on the host and mix with others", async () => {
  await workersUp();
  const { plan, values } = work(3);
  const args = heap.allocate(4, "arguments");
  heap.view("int32", args, 1)[0] = values;
  const [routine] = library.load([imported]);
  const own = planSteps([{ routine: routine!, args, units: UNITS, unitCost: 10_000 }]);
  assert.ok(!own.threaded);
  pool.run(plan);
  pool.run(own);
  pool.run(plan);
  assert.deepEqual(result(values), all(expected(7)));
});

test("workers follow when the memory grows and new modules come", async () => {
  await workersUp();
  heap.allocate(heap.memory.buffer.byteLength, "something large");
  const values = heap.allocate(4 * UNITS, "values beyond the old end");
  const args = heap.allocate(12, "arguments");
  heap.view("int32", values, UNITS).fill(1);
  heap.view("int32", args, 3).set([values, 20_000, NEVER]);
  const [routine] = library.load([{ ...step, key: "test: the same in a later module" }]);
  const steps: Step[] = Array(50).fill({ routine: routine!, args, units: UNITS, unitCost: 10_000 });
  pool.run(planSteps(steps));
  assert.deepEqual(result(values), all(expected(50)));
});

test("an error in a worker is an error of the run, and the pool goes on", async () => {
  await workersUp();
  // The host does not trap: with one chunk the worker might get none, so try until it did.
  const { plan } = work(1, { turns: 50_000, trap: 0 });
  let error: unknown;
  for (let i = 0; i < 200 && error === undefined; i++) {
    try {
      pool.run(plan);
    } catch (thrown) {
      error = thrown;
    }
  }
  assert.match(String(error), /worker [12]: .*unreachable/);
  const { plan: next, values } = work(30);
  pool.run(next);
  assert.deepEqual(result(values), all(expected(30)));
});

test("an error on the host's side ends the run at its step, and the pool goes on", async () => {
  await workersUp();
  const refuse = {
    host: () => {
      throw new RangeError("no");
    },
  };
  const { plan } = work(2, { between: [refuse] });
  assert.throws(() => pool.run(plan), /RangeError: no/);
  assert.equal(plan.position, 1);
  const { plan: next, values } = work(30);
  pool.run(next);
  assert.deepEqual(result(values), all(expected(30)));
});

test("a stopped pool starts again", async () => {
  await workersUp();
  pool.stop();
  const { plan, values } = work(10);
  pool.run(plan);
  await workersUp();
  pool.run(plan);
  assert.deepEqual(result(values), all(expected(20)));
});

test("small programs, one thread, and memory that is not shared make no workers", () => {
  const { plan } = work(1, { turns: 1 });
  const [routine] = library.load([step]);
  assert.ok(!planSteps([{ routine: routine!, args: 0, units: UNITS, unitCost: 100 }]).threaded);
  assert.ok(!planSteps([{ routine: routine!, args: 0, units: 1, unitCost: 1e9 }]).threaded);
  const alone = new Pool(library);
  alone.threads = 1;
  alone.run(plan);
  assert.equal(alone.ready, 0);
  const plain = new Heap({ shared: false });
  const unshared = new Pool(new RoutineLibrary(plain));
  const values = plain.allocate(4 * UNITS, "values");
  const args = plain.allocate(12, "arguments");
  plain.view("int32", args, 3).set([values, 1, NEVER]);
  const [own] = new RoutineLibrary(plain).load([step]);
  unshared.run(planSteps([{ routine: own!, args, units: UNITS, unitCost: 10_000 }]));
  assert.deepEqual([...plain.view("int32", values, UNITS)], all(1));
});

test("workers do not keep the process alive", () => {
  const program = `
    import { processPool } from "./src/backends/wasm/pool.ts";
    const pool = processPool();
    pool.threads = 3;
    pool.start();
    while (pool.ready < 2) await new Promise((resolve) => setTimeout(resolve, 5));
    console.log("up", pool.ready);`;
  const flags = ["--conditions=nabla-source", "--import", "tsx", "--input-type=module", "--eval", program];
  const { stdout, status } = spawnSync(process.execPath, flags, { encoding: "utf8", timeout: 60_000 });
  assert.equal(stdout, "up 2\n");
  assert.equal(status, 0);
});
