/** @file The table's rows: which jobs there are, what they are called, and what must be reached. */
import { arrayShapes, matmulCases, matmulSizes } from "./inputs.js";

/** What must be reached against a peer: the better of those named, over ours. */
export interface Requirement {
  against: readonly string[];
  /** Their time over ours, at least. */
  ratio: number;
  /** Whose time is compared: the compiled program's, unless said otherwise. */
  ours?: "nabla" | "nabla eager";
}

export interface Row {
  job: string;
  title: string;
  required: readonly Requirement[];
  /** Most milliseconds. */
  limit?: number;
  /** Floating-point operations, where the row says how many per second. */
  operations?: number;
  /** One thread must reach 75 % of the engine's peak, and two the double. */
  nearPeak?: boolean;
  /** Bytes read and written, where copying bounds the job. */
  bytes?: number;
  /** The copy whose bandwidth bounds the job. */
  copy?: string;
}

/** Jobs that run in the same children, one after another. */
export interface Family {
  name: string;
  rows: readonly Row[];
  /** Each job runs in a process of its own, so that its memory can be told. */
  alone?: boolean;
  /** Ours runs on one thread too. */
  oneThread?: boolean;
}

const tfjs = ["tfjs wasm", "tfjs cpu"];
const browsers = ["tfjs wasm", "jax-js"];

const small: Family = {
  name: "Small",
  rows: [
    {
      job: "descent",
      title: "20 steps of descent on x² − 6x + 5, eager",
      required: [
        { against: tfjs, ratio: 30 },
        { against: ["PyTorch", "TensorFlow"], ratio: 10 },
      ],
    },
    {
      job: "neuron",
      title: "AND neuron, 400 per-sample steps, eager",
      required: [
        { against: tfjs, ratio: 30 },
        { against: ["PyTorch", "TensorFlow"], ratio: 10 },
      ],
    },
    {
      job: "function-step",
      title: "one step of the descent in `tf.function`, of 1000",
      required: [{ against: ["jax-js"], ratio: 30 }],
      limit: 0.002,
    },
    {
      job: "gate-fit",
      title: "`fit` of the AND gate, 1000 epochs",
      required: [
        { against: ["tfjs wasm"], ratio: 20 },
        { against: ["TensorFlow"], ratio: 50 },
      ],
    },
  ],
};

const matmul: Family = {
  name: "Matmul",
  oneThread: true,
  rows: matmulSizes.flatMap((size) =>
    matmulCases.map((sides) => ({
      job: `matmul-${size}-${sides}`,
      title: `${size}³ ${sides}`,
      required: [{ against: browsers, ratio: 1.5 }],
      operations: 2 * size ** 3,
      nearPeak: true,
    })),
  ),
};

/** Arrays read and written, in elements of one input, and what eager must reach. */
const arrayJobs: Record<string, { moved: number; eager?: Requirement }> = {
  add: { moved: 3, eager: { against: ["tfjs wasm"], ratio: 1 / 5, ours: "nabla eager" } },
  muladd: { moved: 3 },
  exp: { moved: 2, eager: { against: ["tfjs wasm"], ratio: 3, ours: "nabla eager" } },
  tanh: { moved: 2, eager: { against: ["tfjs wasm"], ratio: 3, ours: "nabla eager" } },
  sum: { moved: 1 },
  mean0: { moved: 1 },
  mean1: { moved: 1 },
};

const arrays: Family = {
  name: "Large arrays",
  rows: Object.entries(arrayShapes).flatMap(([name, [rows, columns]]) =>
    Object.entries(arrayJobs).map(([job, { moved, eager }]) => ({
      job: `${job}-${name}`,
      title: `${job} of ${name}`,
      required: [{ against: browsers, ratio: 1 }, ...(eager ? [eager] : [])],
      bytes: moved * rows * columns * 4,
      copy: `copy-${name}`,
    })),
  ),
};

const training: Family = {
  name: "Training steps",
  alone: true,
  oneThread: true,
  rows: [
    {
      job: "mlp",
      title: "MLP 784-512-256-10, batch 128",
      required: [
        { against: ["jax-js"], ratio: 2 },
        { against: ["tfjs wasm"], ratio: 8 },
        { against: ["PyTorch"], ratio: 1 },
      ],
      operations: 6 * 128 * (784 * 512 + 512 * 256 + 256 * 10) - 2 * 128 * 784 * 512,
    },
    {
      job: "cnn",
      title: "CNN 28×28, conv32-pool-conv64-pool-dense, batch 64",
      required: [{ against: ["PyTorch"], ratio: 1 }],
      operations: 64 * (4 * 26 * 26 * 32 * 9 + 6 * 11 * 11 * 64 * 288 + 6 * 1600 * 10),
    },
    {
      job: "lstm",
      title: "LSTM of 128 units, 64 steps, 128 features, batch 32",
      required: [{ against: ["PyTorch"], ratio: 1 / 1.5 }],
      operations: 32 * 64 * 10 * 128 * 512,
    },
    {
      job: "transformer",
      title: "transformer, 4 layers of width 128, 4 heads, context 128, batch 8",
      required: [{ against: ["PyTorch"], ratio: 1 / 1.5 }],
      operations: 6 * 1024 * (4 * (12 * 128 ** 2 + 2 * 128 * 128) + 128 * 65),
    },
  ],
};

const compiling: Family = {
  name: "Compiling and staying",
  alone: true,
  rows: [
    { job: "compile-transformer", title: "first step of the transformer", required: [], limit: 1500 },
    { job: "mlp-10000", title: "10 000 steps of the MLP", required: [] },
  ],
};

export const families: readonly Family[] = [small, matmul, arrays, training, compiling];
