/** @file The loop that never leaves the registers, beside each product and training step: what those are judged by. */
import type { Peer } from "../child.js";
import { matmulCases, matmulSizes } from "../inputs.js";
import type { Job, Jobs } from "../measure.js";
import { bestWidth, hasRelaxedMadd, loopOf } from "../peakLoop.js";
import { models } from "./models.js";

/** Turns of the loop in a sample of about a millisecond. */
const turns = 1e5;

let found: ReturnType<typeof loopOf> | undefined;

const job: Job = () => {
  const relaxed = hasRelaxedMadd();
  found ??= loopOf(bestWidth(relaxed), relaxed);
  const { run, operations } = found;
  return { run: () => void run(turns), companion: true, fields: { operations: turns * operations } };
};

const names = [
  ...matmulSizes.flatMap((size) => matmulCases.map((sides) => `matmul-${size}-${sides}`)),
  ...Object.keys(models),
];

export const loopPeer: Peer = {
  name: "loop",
  version: "",
  jobs: Object.fromEntries(names.map((name) => [name, job])) as Jobs,
};
