/** @file Our products of matrices, and our elementwise ops and reductions on large arrays. */
import * as tf from "nabla";
import { arrayShapes, matmulCases, matmulSizes, pattern } from "../inputs.js";
import type { Job, Jobs } from "../measure.js";

/** How a function is called: as it is, or compiled. */
export type Compile = <A extends readonly any[], R>(f: (...inputs: A) => R) => (...inputs: A) => R;

const array = (shape: readonly number[], seed: number): tf.Tensor => {
  const count = shape.reduce((a, b) => a * b, 1);
  return tf.reshape(tf.constant(pattern(count, seed)), [...shape]);
};

function matmul(size: number, sides: string, compile: Compile): Job {
  return () => {
    const options = { transposeA: sides[0] === "T", transposeB: sides[1] === "T" };
    const [a, b] = [array([size, size], 1), array([size, size], 2)];
    const step = compile((a: tf.Tensor, b: tf.Tensor) => tf.matmul(a, b, options));
    return { run: () => step(a, b) };
  };
}

const functions: Record<string, (x: tf.Tensor, y: tf.Tensor) => tf.Tensor> = {
  add: (x, y) => tf.add(x, y),
  muladd: (x, y) => tf.add(tf.multiply(x, y), x),
  exp: (x) => tf.exp(x),
  tanh: (x) => tf.tanh(x),
  sum: (x) => tf.reduceSum(x),
  mean0: (x) => tf.reduceMean(x, 0),
  mean1: (x) => tf.reduceMean(x, 1),
};

function elementwise(name: string, shape: readonly number[], compile: Compile): Job {
  return () => {
    const inputs = [array(shape, 1), array(shape, 2)].slice(0, functions[name]!.length);
    const step = compile(functions[name]! as (...inputs: tf.Tensor[]) => tf.Tensor);
    return { run: () => step(...inputs) };
  };
}

/** A copy into an array that is there already: what bounds every elementwise job. */
function copy(count: number): Job {
  return () => {
    const source = pattern(count, 1);
    const target = new Float32Array(count);
    return { run: () => target.set(source) };
  };
}

export const copies: Jobs = Object.fromEntries(
  Object.entries(arrayShapes).map(([name, [rows, columns]]) => [`copy-${name}`, copy(rows * columns)]),
);

export function large(compile: Compile): Jobs {
  const jobs: Jobs = {};
  for (const size of matmulSizes) {
    for (const sides of matmulCases) jobs[`matmul-${size}-${sides}`] = matmul(size, sides, compile);
  }
  for (const [count, shape] of Object.entries(arrayShapes)) {
    for (const name of Object.keys(functions)) jobs[`${name}-${count}`] = elementwise(name, shape, compile);
  }
  return jobs;
}
