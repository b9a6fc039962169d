/** @file The child that measures the engine's peak: one loop, and two loops at once in two workers. */
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { bestWidth, hasRelaxedMadd, type Speeds, speedOf } from "./peakLoop.js";

/** Samples of a loop: a second and a half. */
const samples = 300;

const report = (fields: object): void =>
  console.log(JSON.stringify({ node: process.version, peer: "nabla", ...fields }));

const message = (worker: Worker): Promise<any> => new Promise((resolve) => worker.once("message", resolve));

/** The sum of two loops' speeds, in workers that begin together. */
async function twoAtOnce(sums: number, relaxed: boolean): Promise<Speeds> {
  const gate = new Int32Array(new SharedArrayBuffer(4));
  const start = { workerData: { gate, sums, relaxed } };
  const workers = [0, 1].map(() => new Worker(new URL(import.meta.url), start));
  await Promise.all(workers.map(message));
  const speeds = Promise.all(workers.map(message)) as Promise<[Speeds, Speeds]>;
  Atomics.store(gate, 0, 1);
  Atomics.notify(gate, 0);
  const [a, b] = await speeds;
  await Promise.all(workers.map((worker) => worker.terminate()));
  return { median: a.median + b.median, most: a.most + b.most };
}

if (isMainThread) {
  const relaxed = hasRelaxedMadd();
  const sums = bestWidth(relaxed);
  report({ job: "peak", ...speedOf(sums, relaxed, samples), relaxed, sums });
  report({ job: "peak-two", ...(await twoAtOnce(sums, relaxed)), relaxed, sums });
} else {
  const { gate, sums, relaxed } = workerData;
  parentPort!.postMessage("ready");
  Atomics.wait(gate, 0, 0);
  parentPort!.postMessage(speedOf(sums, relaxed, samples));
}
