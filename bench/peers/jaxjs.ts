/** @file jax-js's side of the table: `jit` on its wasm backend. It needs a Node newer than 20. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { runChild } from "../child.js";
import { arrayShapes, labels, matmulCases, matmulSizes, pattern } from "../inputs.js";
import { type Job, type Jobs, trainingStep } from "../measure.js";

const home = createRequire(path.resolve("bench/peers/package.json"));
const main = pathToFileURL(home.resolve("@jax-js/jax").replace(/\.cjs$/, ".js"));
const jax: any = await import(main.href);
await jax.init();
jax.defaultDevice("wasm");
const { numpy: np, nn, jit, grad, valueAndGrad } = jax;

const quadratic = (x: any): any => np.square(x.ref).sub(x.mul(6)).add(5);

function descent(): ReturnType<Job> {
  const gradient = grad(quadratic);
  const run = async (): Promise<number> => {
    let x = np.array(0);
    for (let i = 0; i < 20; i++) x = x.ref.sub(gradient(x).mul(0.1));
    return (await x.data())[0];
  };
  return { run, seconds: 3 };
}

function oneStep(): ReturnType<Job> {
  const step = jit((x: any) => x.ref.sub(grad(quadratic)(x).mul(0.1)));
  let x = np.array(0);
  // Read after each step: left unread, its pending operations pile up and a step takes three times as long.
  const run = (): void => {
    x = step(x);
    x.ref.dataSync();
  };
  return { run, calls: 1000, most: 15 };
}

const matrix = (size: number, seed: number): any =>
  np.array(pattern(size * size, seed)).reshape([size, size]);

function matmul(size: number, transposed: string): Job {
  return async () => {
    const [a, b] = [matrix(size, 1), matrix(size, 2)];
    const turn = (x: any, side: number): any => (transposed[side] === "T" ? np.matrixTranspose(x) : x);
    const step = jit((a: any, b: any) => np.matmul(turn(a, 0), turn(b, 1)));
    await a.blockUntilReady();
    return { run: async () => (await step(a.ref, b.ref).blockUntilReady()).dispose() };
  };
}

const large: Record<string, (x: any, y: any) => any> = {
  add: (x, y) => x.add(y),
  muladd: (x, y) => x.ref.mul(y).add(x),
  exp: (x) => np.exp(x),
  tanh: (x) => np.tanh(x),
  sum: (x) => np.sum(x),
  mean0: (x) => np.mean(x, 0),
  mean1: (x) => np.mean(x, 1),
};

function elementwise(name: string, [rows, columns]: readonly [number, number]): Job {
  return () => {
    const make = (seed: number): any => np.array(pattern(rows * columns, seed)).reshape([rows, columns]);
    const inputs = (large[name]!.length === 1 ? [1] : [1, 2]).map(make);
    const step = jit(large[name]!);
    const run = async (): Promise<void> => {
      const result = step(...inputs.map((x) => x.ref));
      (await result.blockUntilReady()).dispose();
    };
    return { run };
  };
}

const weight = (seed: number, ...shape: readonly [number, number]): any => {
  const limit = Math.sqrt(6 / (shape[0] + shape[1]));
  return np.array(pattern(shape[0] * shape[1], seed).map((value) => value * 2 * limit)).reshape([...shape]);
};

/** A plain SGD step, as its own example trains: it has no layers. */
function mlp(): ReturnType<Job> {
  const dense = (p: any, x: any): any => np.matmul(x, p.kernel).add(p.bias);
  const forward = (p: any, x: any): any => dense(p[2], nn.relu(dense(p[1], nn.relu(dense(p[0], x)))));
  const lossOf = (p: any, x: any, y: any): any =>
    nn
      .logSoftmax(forward(p, x))
      .mul(y)
      .sum()
      .mul(-1 / 128);
  const step = jit((p: any, x: any, y: any) => {
    const [loss, slopes] = valueAndGrad(lossOf)(jax.tree.ref(p), x, y);
    return [jax.tree.map((w: any, slope: any) => w.sub(slope.mul(0.1)), p, slopes), loss];
  });
  const sizes = [784, 512, 256, 10];
  let weights: any = [0, 1, 2].map((i) => ({
    kernel: weight(i, sizes[i]!, sizes[i + 1]!),
    bias: np.zeros([sizes[i + 1]!]),
  }));
  const x = np.array(pattern(128 * 784)).reshape([128, 784]);
  const y = nn.oneHot(np.array(labels(128, 10), { dtype: np.int32 }), 10);
  return trainingStep(async () => {
    const [next, loss] = step(weights, x.ref, y.ref);
    weights = next;
    await jax.blockUntilReady(weights);
    return (await loss.data())[0];
  });
}

const jobs: Jobs = { descent, "function-step": oneStep, mlp };
for (const size of matmulSizes) {
  for (const sides of matmulCases) jobs[`matmul-${size}-${sides}`] = matmul(size, sides);
}
for (const [count, shape] of Object.entries(arrayShapes)) {
  for (const name of Object.keys(large)) jobs[`${name}-${count}`] = elementwise(name, shape);
}

// It has no fast way for two transposed matrices: 1024³ takes it seven seconds.
jobs["matmul-2048-TT"] = () => {
  throw new Error("not run: more than a minute a call");
};

const { version } = JSON.parse(readFileSync(new URL("../package.json", main), "utf8"));
await runChild([{ name: "jax-js", version, jobs }]);
