/** @file The child that runs our jobs, and tfjs's in the same process where PEERS asks for them. */
import * as tf from "nabla";
import { type Peer, runChild } from "./child.js";
import { copies, large } from "./jobs/large.js";
import { loopPeer } from "./jobs/loop.js";
import { small } from "./jobs/small.js";
import { compileTransformer, tenThousandSteps, training } from "./jobs/training.js";

const { threading } = tf.config;

/** Our products and training steps by so many threads, 0 for all. */
const withThreads = (name: string, count: number): Peer => ({
  name,
  version: "",
  jobs: { ...large(tf.function), ...training(tf.function) },
  before: async () => threading.setIntraOpParallelismThreads(count),
});

const peers: Record<string, () => Promise<readonly Peer[]>> = {
  compiled: async () => [
    {
      name: "nabla",
      version: "",
      jobs: {
        ...small,
        ...large(tf.function),
        ...training(tf.function),
        "compile-transformer": compileTransformer,
        "mlp-10000": tenThousandSteps,
      },
    },
  ],
  eager: async () => [
    { name: "nabla eager", version: "", jobs: { ...large((f) => f), ...training((f) => f), ...copies } },
  ],
  // In one process and in turns, so that what each reaches of the other is told apart from the machine's moods.
  threads: async () => [withThreads("nabla all threads", 0), withThreads("nabla one thread", 1), loopPeer],
  tfjs: async () => (await import("./peers/tfjs.js")).peers,
};

const wanted = (process.env["BENCH_PEERS"] ?? "compiled").split(",");
const chosen = await Promise.all(wanted.map((name) => peers[name]!()));
await runChild(chosen.flat());
