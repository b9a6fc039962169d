/**
 * @file Programs in JavaScript — straight lines, loops, and closures — against the eager ops, bit for bit.
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import test from "node:test";
import { pathToFileURL } from "node:url";
import * as tf from "nabla";
import { type AnyCase, dtypesOf, type OpCase, type OpWithCases } from "nabla/testing";
import { filesBelow } from "../../scripts/files.mjs";
import { root } from "../../scripts/lock.mjs";
import { compileProgram, type ProgramRunner, type Values } from "../../src/backends/js/program.js";
import { compileTiny } from "../../src/backends/js/programTiny.js";
import { fuse } from "../../src/compile/fuse.js";
import { lower } from "../../src/compile/lower.js";
import type { Buffer, Program } from "../../src/compile/program.js";
import { applyMany } from "../../src/core/apply.js";
import { setMayCompile } from "../../src/core/compileText.js";
import type { DType } from "../../src/core/dtype.js";
import type { ContractKernel, Kernel, MapKernel, ReduceKernel, Source, Target } from "../../src/ir/kernel.js";
import type { LaneFunction } from "../../src/ir/lane.js";
import type { TypedLane } from "../../src/ir/typedLane.js";
import { inputsOf } from "../support/opInputs.js";
import { assertSame, type Build, graphOf } from "./graphs.js";

const valuesOf = (tensor: tf.Tensor): Values => (tensor.size === 1 ? tensor.first : tensor.storage);

const listOf = (values: Values): number[] => (typeof values === "number" ? [values] : [...values]);

function withoutText<T>(f: () => T): T {
  setMayCompile(false);
  try {
    return f();
  } finally {
    setMayCompile(null);
  }
}

/** Every way to run a program. */
function runnersOf(program: Program): Record<string, ProgramRunner> {
  const tiny = compileTiny(program);
  return {
    loops: compileProgram(program),
    closures: withoutText(() => compileProgram(program)),
    ...(tiny === null ? {} : { "straight line": tiny }),
  };
}

/** Runs a program each way, twice, and compares with tensors to the last bit. Says which ways there were. */
function checkProgram(
  program: Program,
  inputs: readonly tf.Tensor[],
  expected: readonly tf.Tensor[],
): string[] {
  const runners = runnersOf(program);
  for (const [way, run] of Object.entries(runners)) {
    for (const results of [run(inputs.map(valuesOf)), run(inputs.map(valuesOf))]) {
      results.forEach((values, k) => {
        const { size, storage } = expected[k]!;
        assert.equal(typeof values === "number", size === 1, `${way}: a number stands for size 1`);
        if (typeof values !== "number") assert.equal(values.constructor, storage.constructor, way);
      });
      const arrays = results.map((values) => Float64Array.from(listOf(values)));
      assertSame(
        arrays,
        expected.map(({ storage }) => storage),
        way,
      );
    }
  }
  return Object.keys(runners);
}

/** A function's program, as it is lowered and as it is fused, against the function. */
function checkFunction(f: Build, inputs: readonly tf.Tensor[]): string[] {
  const program = lower(graphOf(f, inputs));
  const expected = f(...inputs);
  return [...checkProgram(program, inputs, expected), ...checkProgram(fuse(program), inputs, expected)];
}

const isOpCase = (given: AnyCase): given is OpCase => "inputs" in given;

const rooms: OpWithCases[][] = await Promise.all(
  filesBelow(["src/ops"], /\.cases\.ts$/).map(
    async (file) => (await import(pathToFileURL(join(root, file)).href)).cases,
  ),
);

for (const { op, cases } of rooms.flat()) {
  test(`${op.name} as a program`, () => {
    for (const one of cases.filter(isOpCase)) {
      for (const dtype of dtypesOf(op, one)) {
        const call: Build = (...xs) => [applyMany(op, xs, one.attrs ?? {})].flat();
        const what = `${dtype} ${JSON.stringify(one.inputs)} ${JSON.stringify(one.attrs ?? {})}`;
        try {
          checkFunction(call, inputsOf(op, one, dtype));
        } catch (error) {
          throw new Error(`${what}: ${(error as Error).message}`, { cause: error });
        }
      }
    }
  });
}

/** Numbers without a pattern, the same each time. */
function numbers(shape: readonly number[], dtype: DType = "float32"): tf.Tensor {
  const size = shape.reduce((product, n) => product * n, 1);
  const values = Float64Array.from({ length: size }, (_, i) => Math.sin(i * 12.9898 + size) * 2);
  return tf.cast(tf.reshape(tf.constant(values), shape), dtype);
}

/** Value and gradients of a function of its first `count` arguments. */
function withGradients(count: number, f: (...xs: tf.Tensor[]) => tf.Tensor): Build {
  return (...xs) => {
    const tape = new tf.GradientTape();
    const y = tape.record(() => {
      for (const x of xs.slice(0, count)) tape.watch(x);
      return f(...xs);
    });
    return [y, ...tape.gradient(y, xs.slice(0, count))];
  };
}

const STRAIGHT = ["loops", "closures", "straight line"];
const LOOPS = ["loops", "closures"];

for (const dtype of ["float32", "float64"] as const) {
  test(`a step of gradient descent in one straight line, ${dtype}`, () => {
    const step = withGradients(1, (x) => x!.square().sub(x!.mul(6)).add(5));
    const f: Build = (x) => {
      const [y, dydx] = step(x!);
      return [x!.sub(dydx!.mul(0.1)), y!];
    };
    assert.deepEqual(checkFunction(f, [numbers([], dtype)]), [...STRAIGHT, ...STRAIGHT]);
  });

  test(`a neuron's step in one straight line, ${dtype}`, () => {
    const f = withGradients(2, (w, b, x, t) =>
      tf.reduceMean(tf.sigmoid(tf.matmul(x!, w!).add(b!)).sub(t!).square()),
    );
    const inputs = [[2, 1], [1], [4, 2], [4, 1]].map((shape) => numbers(shape, dtype));
    assert.deepEqual(checkFunction(f, inputs), [...STRAIGHT, ...STRAIGHT]);
  });

  test(`a step of two dense layers in loops, ${dtype}`, () => {
    const f = withGradients(4, (w1, b1, w2, b2, x, t) => {
      const logits = tf.matmul(tf.nn.relu(tf.matmul(x!, w1!).add(b1!)), w2!).add(b2!);
      return tf.reduceMean(tf.reduceSum(t!.mul(tf.nn.logSoftmax(logits)), -1)).neg();
    });
    const inputs = [[30, 20], [20], [20, 10], [10], [17, 30], [17, 10]].map((shape) => numbers(shape, dtype));
    assert.deepEqual(checkFunction(f, inputs), [...LOOPS, ...LOOPS]);
  });

  test(`reductions of computed elements along every axis, ${dtype}`, () => {
    const [x, y, z] = [numbers([7, 300], dtype), numbers([300], dtype), numbers([7, 1], dtype)];
    for (const axes of [[0], [1], [0, 1]]) {
      checkFunction(
        (a, b, c) => {
          const product = a!.mul(b!).add(c!);
          const centred = product.sub(tf.reduceMean(product, { axis: axes, keepdims: true }));
          return [tf.reduceSum(centred.square(), axes), tf.reduceMax(product.abs(), axes)];
        },
        [x, y, z],
      );
    }
  });

  test(`transposes and slices around products, ${dtype}`, () => {
    const inputs = [numbers([3, 4, 5], dtype), numbers([3, 6, 5], dtype), numbers([6], dtype)];
    const f = withGradients(3, (a, b, c) => {
      const scores = tf.matmul(a!, tf.transpose(b!, [0, 2, 1])).add(c!);
      return tf.reduceSum(
        tf.transpose(tf.nn.softmax(scores), [1, 0, 2]).mul(tf.reshape(tf.range(72), [4, 3, 6])),
      );
    });
    checkFunction(f, inputs);
  });
}

test("sums and products of a few elements keep the order of the long ones", () => {
  for (const n of [1, 2, 15, 16, 17, 31, 40, 64]) {
    const ways = checkFunction(
      (x, y) => [tf.reduceSum(x!), tf.argmax(x!), tf.reduceProd(x!), tf.tensordot(x!, y!, 1)],
      [numbers([n]), numbers([n])],
    );
    assert.ok(ways.includes("straight line"), `${n} elements`);
  }
});

const input = (name: string, dtype: DType = "float32"): TypedLane => ({ kind: "input", name, dtype });
const call = (fn: LaneFunction, ...args: TypedLane[]): TypedLane => ({
  kind: "call",
  fn,
  args,
  dtype: args[0]!.dtype,
});
const attr = (name: string, dtype: DType = "float32"): TypedLane => ({ kind: "attr", name, dtype });
const buffer = (size: number, dtype: DType = "float32"): Buffer => ({ size, dtype });

/** A program of kernels written by hand. */
function programOf(
  inputs: readonly Buffer[],
  steps: readonly (readonly [Kernel, readonly Buffer[]])[],
  outputs: readonly Buffer[],
): Program {
  return {
    inputs,
    constants: new Map(),
    steps: steps.map(([kernel, arrays]) => ({ kind: "kernel", kernel, arrays, nodes: [] })),
    outputs,
  };
}

const SUM: Pick<ReduceKernel, "states" | "identity" | "element" | "combine" | "finish"> = {
  states: { sum: "float32" },
  identity: { sum: { kind: "const", value: 0, dtype: "float32" } },
  element: { sum: input("x") },
  combine: { sum: call("add", input("a_sum"), input("b_sum")) },
  finish: input("sum"),
};

/** Whole numbers, so that sums in float32 are exact in any order. */
const whole = (n: number, from = -3): number[] => Array.from({ length: n }, (_, i) => ((i * 7) % 11) + from);

test("a reduction of two arrays, with loops that do not merge, extras, params and two targets", () => {
  // Σ over i, k of a[i, j, k] · b[k], in a of [2, 3, 4] that begins at its third number; then scaled and shifted, and squared.
  const [a, b, c, scaled, squared] = [buffer(26), buffer(4), buffer(3), buffer(3), buffer(6)];
  const shifted = call("add", call("mul", input("result"), attr("scale")), input("c"));
  const kernel: ReduceKernel = {
    kind: "reduce",
    shape: [3],
    reduced: [2, 4],
    sources: [
      { name: "a", dtype: "float32", offset: 2, strides: [4, 12, 1] },
      { name: "b", dtype: "float32", offset: 0, strides: [0, 0, 1] },
    ],
    x: call("mul", input("a"), input("b")),
    ...SUM,
    extras: [{ name: "c", dtype: "float32", offset: 2, strides: [-1] }],
    targets: [
      { dtype: "float32", offset: 0, strides: [1], lane: shifted },
      { dtype: "float32", offset: 1, strides: [2], lane: call("mul", shifted, shifted) },
    ],
    params: { scale: 3 },
  };
  const program = programOf([a, b, c], [[kernel, [a, b, c, scaled, squared]]], [scaled, squared]);
  const [x, y, z] = [whole(26), whole(4, 1), [5, -1, 2]];
  const expected = [0, 1, 2].map((j) => {
    let sum = 0;
    for (let i = 0; i < 2; i++) for (let k = 0; k < 4; k++) sum += x[2 + i * 12 + j * 4 + k]! * y[k]!;
    return 3 * sum + z[2 - j]!;
  });
  const ways = checkProgram(
    program,
    [x, y, z].map((list) => tf.constant(list)),
    [tf.constant(expected), tf.constant(expected.flatMap((value) => [0, value * value]))],
  );
  assert.deepEqual(ways, STRAIGHT);
});

test("a reduction of a part of an array", () => {
  const [a, sums] = [buffer(12), buffer(2)];
  const kernel: ReduceKernel = {
    kind: "reduce",
    shape: [2],
    reduced: [3],
    sources: [{ name: "a", dtype: "float32", offset: 3, strides: [1, 3] }],
    x: input("a"),
    ...SUM,
    extras: [],
    targets: [{ dtype: "float32", offset: 0, strides: [1], lane: input("result") }],
    params: {},
  };
  const x = whole(12);
  const expected = [x[3]! + x[6]! + x[9]!, x[4]! + x[7]! + x[10]!];
  const program = programOf([a], [[kernel, [a, sums]]], [sums]);
  assert.deepEqual(checkProgram(program, [tf.constant(x)], [tf.constant(expected)]), STRAIGHT);
});

for (const batches of [1, 2]) {
  test(`a product of matrices inside longer arrays, ${batches} of them`, () => {
    // [2, 3] · [3, 2]: a begins at 1, b at 2 and is transposed.
    const [a, b, out] = [buffer(16), buffer(16), buffer(4 * batches)];
    const kernel: ContractKernel = {
      kind: "contract",
      dtype: "float32",
      a: { dtype: "float32", offset: 1 },
      b: { dtype: "float32", offset: 2 },
      loops: [
        { role: "batch", size: batches, a: 7, b: 6 },
        { role: "m", size: 2, a: 3, b: 0 },
        { role: "n", size: 2, a: 0, b: 3 },
        { role: "k", size: 3, a: 1, b: 1 },
      ],
      sources: [],
      targets: [{ dtype: "float32", offset: 0, strides: [4, 2, 1, 0], lane: input("sum") }],
      params: {},
    };
    const [x, y] = [whole(16), whole(16, 2)];
    const expected = Array.from({ length: 4 * batches }, (_, at) => {
      const [batch, i, j] = [at >> 2, (at >> 1) & 1, at & 1];
      return [0, 1, 2].reduce(
        (sum, k) => sum + x[1 + batch * 7 + i * 3 + k]! * y[2 + batch * 6 + j * 3 + k]!,
        0,
      );
    });
    const program = programOf([a, b], [[kernel, [a, b, out]]], [out]);
    const ways = checkProgram(program, [tf.constant(x), tf.constant(y)], [tf.constant(expected)]);
    assert.deepEqual(ways, STRAIGHT);
  });
}

for (const dtype of ["float32", "int32", "uint8"] as const) {
  test(`a product over windows of two axes with an epilogue, ${dtype}`, () => {
    // A 5 × 6 image under a 2 × 3 filter with 2 channels out, which come first; then plus a number per channel.
    const [image, filter, bias, out] = [
      buffer(31, dtype),
      buffer(12, dtype),
      buffer(2, dtype),
      buffer(32, dtype),
    ];
    const kernel: ContractKernel = {
      kind: "contract",
      dtype,
      a: { dtype, offset: 1 },
      b: { dtype, offset: 0 },
      loops: [
        { role: "m", size: 4, a: 6, b: 0 },
        { role: "m", size: 4, a: 1, b: 0 },
        { role: "k", size: 2, a: 6, b: 6 },
        { role: "k", size: 3, a: 1, b: 2 },
        { role: "n", size: 2, a: 0, b: 1 },
      ],
      sources: [{ name: "bias", dtype, offset: 0, strides: [0, 0, 0, 0, 1] }],
      targets: [
        {
          dtype,
          offset: 0,
          strides: [4, 1, 0, 0, 16],
          lane: call("add", input("sum", dtype), input("bias", dtype)),
        },
      ],
      params: {},
    };
    const program = programOf([image, filter, bias], [[kernel, [image, filter, bias, out]]], [out]);
    const from = dtype === "uint8" ? 20 : -3;
    const [x, w, shift] = [whole(31, from), whole(12, from), [3, 4]];
    const expected = Array.from({ length: 32 }, (_, at) => {
      const [channel, row, column] = [at >> 4, (at >> 2) & 3, at & 3];
      let sum = shift[channel]!;
      for (let i = 0; i < 2; i++)
        for (let j = 0; j < 3; j++) sum += x[1 + (row + i) * 6 + column + j]! * w[i * 6 + j * 2 + channel]!;
      return dtype === "uint8" ? sum % 256 : sum;
    });
    const inputs = [x, w, shift].map((list) => tf.constant(list, dtype));
    assert.deepEqual(checkProgram(program, inputs, [tf.constant(expected, dtype)]), STRAIGHT);
  });
}

const map = (shape: number[], sources: Source[], targets: Target[], params = {}): MapKernel => ({
  kind: "map",
  shape,
  sources,
  targets,
  params,
});

test("fills, overwrites in place, and outputs that are inputs, constants or one buffer twice", () => {
  const [x, constant, filled] = [buffer(3), buffer(2), buffer(5)];
  const at = (offset: number, lane: TypedLane): Target => ({ dtype: "float32", offset, strides: [1], lane });
  const from = (name: string, offset: number): Source => ({ name, dtype: "float32", offset, strides: [1] });
  const fill = map([5], [], [at(0, { kind: "const", value: -0, dtype: "float32" })]);
  const copy = map([3], [from("x", 0)], [at(1, input("x"))]);
  const twice = map([2], [from("y", 1)], [at(1, call("mul", input("y"), attr("factor")))], { factor: 2.5 });
  const program: Program = {
    ...programOf(
      [x],
      [
        [fill, [filled]],
        [copy, [x, filled]],
        [twice, [filled, filled]],
      ],
      [filled, x, constant, filled],
    ),
    constants: new Map([[constant, [6, 7]]]),
  };
  const result = tf.constant([-0, 2.5, 5, 3, -0]);
  const given = tf.constant([1, 2, 3]);
  checkProgram(program, [given], [result, given, tf.constant([6, 7]), result]);
  for (const run of Object.values(runnersOf(program))) assert.equal(run([given.storage])[1], given.storage);
});

test("one number for a constant of several elements", () => {
  const [constant, out] = [buffer(3), buffer(3)];
  const source: Source = { name: "c", dtype: "float32", offset: 0, strides: [1] };
  const target: Target = { dtype: "float32", offset: 0, strides: [1], lane: call("neg", input("c")) };
  const program: Program = {
    ...programOf([], [[map([3], [source], [target]), [constant, out]]], [out]),
    constants: new Map([[constant, 2]]),
  };
  checkProgram(program, [], [tf.constant([-2, -2, -2])]);
});

test("nothing to reduce gives the identity, and no products give zero", () => {
  const [nothing, sums, products] = [buffer(0), buffer(2), buffer(2)];
  const sum: ReduceKernel = {
    kind: "reduce",
    shape: [2],
    reduced: [0],
    sources: [{ name: "s", dtype: "float32", offset: 0, strides: [0, 1] }],
    x: input("s"),
    ...SUM,
    extras: [],
    targets: [{ dtype: "float32", offset: 0, strides: [1], lane: call("add", input("result"), attr("one")) }],
    params: { one: 1 },
  };
  const product: ContractKernel = {
    kind: "contract",
    dtype: "float32",
    a: { dtype: "float32", offset: 0 },
    b: { dtype: "float32", offset: 0 },
    loops: [
      { role: "m", size: 2, a: 0, b: 0 },
      { role: "k", size: 0, a: 1, b: 1 },
    ],
    sources: [],
    targets: [{ dtype: "float32", offset: 0, strides: [1, 0], lane: input("sum") }],
    params: {},
  };
  const program = programOf(
    [nothing],
    [
      [sum, [nothing, sums]],
      [product, [nothing, nothing, products]],
    ],
    [sums, products],
  );
  checkProgram(program, [tf.zeros([0])], [tf.constant([1, 1]), tf.constant([0, 0])]);
});

test("what many targets share is computed once, without compiled text too", () => {
  // Squaring 40 times: as a tree this has 2⁴⁰ leaves.
  let power = input("x");
  for (let i = 0; i < 40; i++) power = call("mul", power, power);
  const [x, out, double] = [buffer(1), buffer(1), buffer(1)];
  const target = (lane: TypedLane): Target => ({ dtype: "float32", offset: 0, strides: [], lane });
  const source: Source = { name: "x", dtype: "float32", offset: 0, strides: [] };
  const kernel = map([], [source], [target(power), target(call("add", power, power))]);
  const program = programOf([x], [[kernel, [x, out, double]]], [out, double]);
  checkProgram(program, [tf.constant(-1)], [tf.constant(1), tf.constant(2)]);
});

test("straight lines are for tiny programs where text may become code", () => {
  const tiny = (f: Build, ...inputs: tf.Tensor[]): ProgramRunner | null =>
    compileTiny(lower(graphOf(f, inputs)));
  const double: Build = (x) => [x!.add(x!)];
  assert.notEqual(tiny(double, numbers([64])), null);
  assert.equal(tiny(double, numbers([65])), null, "a long array");
  assert.equal(
    tiny((x) => [tf.sort(x!)], numbers([3])),
    null,
    "a step of the host",
  );
  assert.equal(tiny((a, b) => [tf.matmul(a!, b!)], numbers([8, 8]), numbers([8, 8])) === null, false);
  const chain: Build = (a, b) => [tf.matmul(tf.matmul(a!, b!), tf.matmul(b!, a!))];
  assert.equal(tiny(chain, numbers([8, 8]), numbers([8, 8])), null, "thousands of operations");
  assert.equal(
    withoutText(() => tiny(double, numbers([]))),
    null,
    "a page that forbids it",
  );
});

test("integer division by zero is an error in programs too", () => {
  const inputs = [tf.constant([1, 2], "int32"), tf.constant([1, 0], "int32")];
  const program = lower(graphOf((a, b) => [tf.math.floordiv(a!, b!)], inputs));
  for (const [way, run] of Object.entries(runnersOf(program)))
    assert.throws(() => run(inputs.map(valuesOf)), /integer division by zero/, way);
});

test("the results of one run stay as they are when the next one runs", () => {
  const [x, y] = [numbers([6]), numbers([6]).neg()];
  const program = fuse(lower(graphOf((a) => [tf.cumsum(a!.add(1)).mul(2), tf.reduceSum(a!), a!], [x])));
  for (const [way, run] of Object.entries(runnersOf(program))) {
    const first = run([x.storage]);
    const held = first.map(listOf);
    run([y.storage]);
    assert.deepEqual(first.map(listOf), held, way);
  }
});

test("ops of the host find zeros where they put their results, each time", () => {
  const at = (i: number): tf.Tensor => tf.constant([[i]], "int32");
  const f: Build = (indices) => [tf.scatterNd(indices!, tf.constant([3], "float64"), [4]).mul(2)];
  const program = lower(graphOf(f, [at(0)]));
  for (const [way, run] of Object.entries(runnersOf(program))) {
    assert.deepEqual(listOf(run([1])[0]!), [0, 6, 0, 0], way);
    assert.deepEqual(listOf(run([2])[0]!), [0, 0, 6, 0], way);
  }
});
