/** @file The child that runs our jobs, and tfjs's in the same process where PEERS asks for them. */
import * as tf from "nabla";
import { type Peer, runChild } from "./child.js";
import { copies, large } from "./jobs/large.js";
import { small } from "./jobs/small.js";
import { compileTransformer, tenThousandSteps, training } from "./jobs/training.js";

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
  tfjs: async () => (await import("./peers/tfjs.js")).peers,
};

const wanted = (process.env["BENCH_PEERS"] ?? "compiled").split(",");
const chosen = await Promise.all(wanted.map((name) => peers[name]!()));
await runChild(chosen.flat());
