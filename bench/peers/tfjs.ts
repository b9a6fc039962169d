/** @file tfjs's side of the table, on its cpu and its wasm backend, in the process of our own jobs. */
import { createRequire } from "node:module";
import path from "node:path";
import type { Peer } from "../child.js";
import {
  arrayShapes,
  gateInputs,
  gates,
  gateTargets,
  labels,
  matmulCases,
  matmulSizes,
  pattern,
} from "../inputs.js";
import { type Job, type Jobs, trainingStep } from "../measure.js";

const home = path.resolve("bench/peers");
const require = createRequire(path.join(home, "package.json"));

/** tfjs without its greeting, and without its advice about tfjs-node. */
function load(): any {
  const { log, warn } = console;
  Object.assign(console, { log: () => {}, warn: () => {} });
  const tf = require("@tensorflow/tfjs");
  const wasm = require("@tensorflow/tfjs-backend-wasm");
  wasm.setWasmPaths(`${path.join(home, "node_modules/@tensorflow/tfjs-backend-wasm/dist")}/`);
  Object.assign(console, { log, warn });
  return tf;
}

const tf = load();

/** Makes one of the backends the one in use. */
const use = (backend: "cpu" | "wasm") => async (): Promise<void> => {
  await tf.setBackend(backend);
  await tf.ready();
};

function descentStep(x: any): void {
  tf.tidy(() => {
    const loss = () => tf.add(tf.sub(tf.pow(x, 2), tf.mul(6, x)), 5);
    const { grads } = tf.variableGrads(loss, [x]);
    x.assign(x.sub(tf.mul(0.1, grads[x.name])));
  });
}

function descent(): number {
  const x = tf.variable(tf.scalar(0));
  for (let i = 0; i < 20; i++) descentStep(x);
  const [result] = x.dataSync();
  x.dispose();
  return result;
}

function neuron(): number {
  const weights = tf.variable(tf.tensor1d([0.5, 0.5]));
  const bias = tf.variable(tf.scalar(0.3));
  const update = (datum: readonly [number, number]): void => {
    const x = tf.tensor1d(datum);
    const loss = () => {
      const a = tf.relu(tf.add(tf.sum(tf.mul(weights, x)), bias));
      return tf.pow(tf.sub(a, datum[0] * datum[1]), 2).asScalar();
    };
    const { grads } = tf.variableGrads(loss, [weights, bias]);
    weights.assign(weights.sub(grads[weights.name].mul(0.1)));
    bias.assign(bias.sub(grads[bias.name].mul(0.1)));
  };
  for (let epoch = 0; epoch < 100; epoch++) for (const datum of gates) tf.tidy(() => update(datum));
  const [result] = bias.dataSync();
  weights.dispose();
  bias.dispose();
  return result;
}

function oneStep(): ReturnType<Job> {
  const x = tf.variable(tf.scalar(0));
  return { run: () => descentStep(x), calls: 1000, most: 5, warmups: 1 };
}

async function gateFit(): Promise<number> {
  const model = tf.sequential({
    layers: [tf.layers.dense({ units: 1, activation: "relu", inputShape: [2] })],
  });
  model.compile({ loss: "meanSquaredError", optimizer: "adam", metrics: ["accuracy"] });
  const [x, y] = [tf.tensor2d(gateInputs), tf.tensor2d(gateTargets)];
  const weights = [tf.tensor2d([[0.5], [0.3]]), tf.tensor1d([0])];
  model.setWeights(weights);
  const { history } = await model.fit(x, y, { epochs: 1000, batchSize: 4, verbose: 0 });
  for (const tensor of [x, y, ...weights]) tensor.dispose();
  model.dispose();
  return history.loss.at(-1);
}

const array = (shape: readonly number[], seed = 0): any =>
  tf.tensor(
    pattern(
      shape.reduce((a, b) => a * b, 1),
      seed,
    ),
    shape,
  );

function matmul(size: number, sides: string): Job {
  return () => {
    const [a, b] = [array([size, size], 1), array([size, size], 2)];
    const run = (): void => {
      const result = tf.matMul(a, b, sides[0] === "T", sides[1] === "T");
      result.dataSync();
      result.dispose();
    };
    return { run };
  };
}

const large: Record<string, (x: any, y: any) => any> = {
  add: (x, y) => tf.add(x, y),
  muladd: (x, y) => tf.add(tf.mul(x, y), x),
  exp: (x) => tf.exp(x),
  tanh: (x) => tf.tanh(x),
  sum: (x) => tf.sum(x),
  mean0: (x) => tf.mean(x, 0),
  mean1: (x) => tf.mean(x, 1),
};

/** Its kernels have finished when they return: nothing is read, as nothing is read of ours. */
function elementwise(name: string, shape: readonly [number, number]): Job {
  return () => {
    const [x, y] = [array(shape, 1), array(shape, 2)];
    const run = (): void => tf.tidy(() => void large[name]!(x, y));
    return { run };
  };
}

function training(model: any, inputs: any, classes: Int32Array): ReturnType<Job> {
  const optimizer = tf.train.adam(0.001);
  const targets = tf.oneHot(tf.tensor1d(classes, "int32"), 10);
  return trainingStep(() => {
    const lossOf = () => tf.losses.softmaxCrossEntropy(targets, model.apply(inputs, { training: true }));
    const loss = optimizer.minimize(lossOf, true);
    const [value] = loss.dataSync();
    loss.dispose();
    return value;
  });
}

function mlp(): ReturnType<Job> {
  const { dense } = tf.layers;
  const layers = [
    dense({ units: 512, activation: "relu", inputShape: [784] }),
    dense({ units: 256, activation: "relu" }),
    dense({ units: 10 }),
  ];
  return training(tf.sequential({ layers }), array([128, 784]), labels(128, 10));
}

function cnn(): ReturnType<Job> {
  const { conv2d, maxPooling2d, flatten, dense } = tf.layers;
  const layers = [
    conv2d({ filters: 32, kernelSize: 3, activation: "relu", inputShape: [28, 28, 1] }),
    maxPooling2d({ poolSize: 2 }),
    conv2d({ filters: 64, kernelSize: 3, activation: "relu" }),
    maxPooling2d({ poolSize: 2 }),
    flatten(),
    dense({ units: 10 }),
  ];
  return training(tf.sequential({ layers }), array([64, 28, 28, 1]), labels(64, 10));
}

function lstm(): ReturnType<Job> {
  const layers = [tf.layers.lstm({ units: 128, inputShape: [64, 128] }), tf.layers.dense({ units: 10 })];
  return training(tf.sequential({ layers }), array([32, 64, 128]), labels(32, 10));
}

const jobs: Jobs = {
  descent: () => ({ run: descent }),
  neuron: () => ({ run: neuron, most: 8 }),
  "function-step": oneStep,
  "gate-fit": () => ({ run: gateFit, warmups: 1, most: 5 }),
  mlp,
  cnn,
  lstm,
};
for (const size of matmulSizes) {
  for (const sides of matmulCases) jobs[`matmul-${size}-${sides}`] = matmul(size, sides);
}
for (const [count, shape] of Object.entries(arrayShapes)) {
  for (const name of Object.keys(large)) jobs[`${name}-${count}`] = elementwise(name, shape);
}

/** Jobs that would take its cpu backend minutes. */
const long = /^(matmul-(1024|2048)|cnn|lstm|mlp)/;

function notRun(): never {
  throw new Error("not run: seconds to minutes a call");
}

/** Its wasm backend multiplies transposed matrices slowly: 2048³ takes it up to a minute. */
for (const sides of ["NT", "TN", "TT"]) jobs[`matmul-2048-${sides}`] = notRun;

const cpuJobs = Object.fromEntries(
  Object.entries(jobs).map(([name, job]) => [name, long.test(name) ? notRun : job]),
);

const version: string = require("@tensorflow/tfjs/package.json").version;

/** The peers: one library, two backends. */
export const peers: readonly Peer[] = [
  { name: "tfjs wasm", version, jobs, before: use("wasm") },
  {
    name: "tfjs cpu",
    version,
    jobs: cpuJobs,
    before: use("cpu"),
  },
];
