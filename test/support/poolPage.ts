/** @file What the pool's test runs in a page: programs before, while and after the workers come up. Says what came out. */

import { Heap } from "../../src/backends/wasm/heap.js";
import { RoutineLibrary } from "../../src/backends/wasm/module.js";
import { Pool, planSteps, type Step } from "../../src/backends/wasm/pool.js";
import type { Routine } from "../../src/backends/wasm/routine.js";

const UNITS = 64;

/** Unit u: counts x[u] on, after a while, and notes its worker. */
const count: Routine = {
  key: "count",
  imports: [],
  args: [],
  units: UNITS,
  unitCost: 0,
  write: (f) => {
    const [args, begin, end, worker] = f.parameters as [never, never, never, never];
    const [address, turns, limit] = [f.local("i32"), f.local("i32"), f.local("i32")];
    f.i32(100_000).set(limit);
    f.countTo(begin, end, 1, () => {
      f.i32(0).set(turns);
      f.countTo(turns, limit, 1, () => {});
      f.get(args).get(begin).i32(8).op("i32.mul").op("i32.add").set(address);
      f.get(address).get(address).memory("i32.load").i32(1).op("i32.add").memory("i32.store");
      f.get(address).get(worker).memory("i32.store", 4);
    });
  },
};

const heap = new Heap();
const library = new RoutineLibrary(heap);
const pool = new Pool(library);
pool.threads = 3;
const words = heap.allocate(8 * UNITS, "counts and workers");
heap.view("int32", words, 2 * UNITS).fill(0);
const [routine] = library.load([count]);
const steps: Step[] = Array(10).fill({ routine: routine!, args: words, units: UNITS, unitCost: 100_000 });
const plan = planSteps(steps);

/** The counts of all units, and which workers did the last step. */
function look(): { counts: number[]; workers: number[] } {
  const values = [...heap.view("int32", words, 2 * UNITS)];
  const every = (parity: number) => [...new Set(values.filter((_, i) => i % 2 === parity))].sort();
  return { counts: every(0), workers: every(1) };
}

pool.run(plan);
const before = look();
const deadline = performance.now() + 20_000;
let runs = 1;
let after = before;
// Whether a worker gets a unit is up to the machine: try until one did.
while (heap.shared && performance.now() < deadline && after.workers.join() === "0") {
  await new Promise((resolve) => setTimeout(resolve, 5));
  pool.run(plan);
  after = look();
  runs++;
}
const result = { shared: heap.shared, ready: pool.ready, before, after, runs };
pool.stop();
document.body.textContent = JSON.stringify(result);
document.body.id = "done";
