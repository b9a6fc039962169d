/** @file The child that measures the engine's peak: one loop, and two loops at once in two workers. */
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { hasRelaxedMadd, peakGflops, steadyGflops } from "./peakLoop.js";

const report = (fields: object): void =>
  console.log(JSON.stringify({ node: process.version, peer: "nabla", ...fields }));

const message = (worker: Worker): Promise<any> => new Promise((resolve) => worker.once("message", resolve));

/** The sum of two loops' speeds, in workers that begin together. */
async function twoAtOnce(sums: number, relaxed: boolean): Promise<number> {
  const gate = new Int32Array(new SharedArrayBuffer(4));
  const start = { workerData: { gate, sums, relaxed } };
  const workers = [0, 1].map(() => new Worker(new URL(import.meta.url), start));
  await Promise.all(workers.map(message));
  const speeds = Promise.all(workers.map(message));
  Atomics.store(gate, 0, 1);
  Atomics.notify(gate, 0);
  const total = (await speeds).reduce((a: number, b: number) => a + b, 0);
  await Promise.all(workers.map((worker) => worker.terminate()));
  return total;
}

if (isMainThread) {
  const relaxed = hasRelaxedMadd();
  const { gflops, sums } = peakGflops(relaxed);
  report({ job: "peak", median: gflops, relaxed, sums });
  report({ job: "peak-two", median: await twoAtOnce(sums, relaxed), relaxed, sums });
} else {
  const { gate, sums, relaxed } = workerData;
  parentPort!.postMessage("ready");
  Atomics.wait(gate, 0, 0);
  parentPort!.postMessage(steadyGflops(sums, relaxed));
}
