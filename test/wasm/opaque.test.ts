/**
 * @file Opaque ops as WebAssembly routines against their reference kernels, which have tests of their own: every case of the
 * ops' rooms, and shapes with elements left over and several units.
 */
import assert from "node:assert/strict";
import test from "node:test";
import * as tf from "nabla";
import { type AnyCase, dtypesOf, type OpCase, type OpWithCases } from "nabla/testing";
import { bindOpaque } from "../../src/backends/js/opaque.js";
import { WasmExecutable } from "../../src/backends/wasm/executable.js";
import { renderedOps, renderOpaque } from "../../src/backends/wasm/opaque.js";
import { fuse } from "../../src/compile/fuse.js";
import { lower } from "../../src/compile/lower.js";
import { applyMany } from "../../src/core/apply.js";
import { arrayConstructor, type DType, type TypedArray } from "../../src/core/dtype.js";
import { ValueError } from "../../src/core/errors.js";
import type { Flat, OpaqueOp } from "../../src/core/op.js";
import { sizeOf } from "../../src/core/shape.js";
import { specOf } from "../../src/core/spec.js";
import { cases as cumulativeCases } from "../../src/ops/cumulative.cases.js";
import { cases as gatherCases } from "../../src/ops/gather.cases.js";
import { allOps } from "../../src/ops/list.js";
import { cases as poolCases } from "../../src/ops/pool.cases.js";
import { cases as randomCases } from "../../src/ops/randomBits.cases.js";
import { cases as scatterCases } from "../../src/ops/scatter.cases.js";
import { unsortedSegmentSum } from "../../src/ops/scatter.js";
import { cases as sortCases } from "../../src/ops/sort.cases.js";
import { graphOf } from "../compile/graphs.js";
import { WasmRunner } from "../support/wasmRunner.js";

const runner = new WasmRunner();
const builtIn = new Map(allOps.map((op) => [op.name, op]));
const opNamed = (name: string): OpaqueOp => builtIn.get(name) as OpaqueOp;

/** An array with its shape. */
function flat(dtype: DType, shape: readonly number[], number: (i: number) => number): Flat {
  return { dtype, shape, data: new (arrayConstructor(dtype))(sizeOf(shape)).map((_, i) => number(i)) };
}

/** Numbers that look random, among them equal ones, both zeros and, for floats, NaN and the infinities if asked for. */
function mixed(dtype: DType, shape: readonly number[], special = false): Flat {
  let state = 12345;
  const odd = [Number.NaN, Infinity, -Infinity, -0, 0];
  return flat(dtype, shape, () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    const number = (state >>> 8) % 97;
    if (special && number < 30) return odd[number % odd.length]!;
    return dtype === "float32" || dtype === "float64" ? (number - 48) / 7 : number - 48;
  });
}

const indices = (shape: readonly number[], below: number, from = 0): Flat =>
  flat("int32", shape, (i) => from + ((i * 7919 + 13) % (below - from)));

/** What the reference kernel gives, and what the routines give for units in several orders. */
function compare(op: OpaqueOp, inputs: readonly Flat[], attrs: object): void {
  const outputs = op.infer(
    inputs.map(({ shape, dtype }) => specOf(shape, dtype)),
    attrs,
  );
  const expected = outputs.map(({ shape, dtype }) => flat(dtype, shape, () => 0));
  op.kernel(inputs, expected, attrs);
  const values = inputs.map(({ shape, dtype, data }) => ({ shape, dtype, size: data.length }));
  const rendered = renderOpaque({ op, attrs, inputs: values, outputs, line: null });
  assert.ok(rendered !== null, `${op.name} has no kernel for ${inputs.map(({ dtype }) => dtype)}`);
  assert.ok(rendered.accepts?.(inputs) ?? true);
  for (const pieces of [{}, { grain: 1, reversed: true }, { grain: 3 }]) {
    const actual = runner.run(rendered, inputs, outputs, pieces);
    actual.forEach((data, k) => {
      assertSame(data, expected[k]!.data, `${op.name} ${JSON.stringify(attrs)} ${outputs[k]}`);
    });
  }
}

/** The same numbers to the bit, but for the payload of NaN. */
function assertSame(actual: TypedArray, expected: TypedArray, what: string): void {
  assert.equal(actual.length, expected.length, what);
  const i = expected.findIndex((value, k) => !Object.is(actual[k], value));
  assert.equal(i, -1, `${what}: element ${i} is ${actual[i]}, expected ${expected[i]}`);
}

const isOpCase = (given: AnyCase): given is OpCase => "inputs" in given;

/** The inputs of a case, those of a shared type in this dtype. */
function inputsOf(op: OpaqueOp, { inputs }: OpCase, dtype: DType): Flat[] {
  return inputs.map((value, i) => {
    const role = op.roles[i]!;
    const type = role === "T" || role === "any" ? dtype : role === "index" ? "int32" : role;
    const shape: number[] = [];
    for (let x: unknown = value; Array.isArray(x); x = x[0]) shape.push(x.length);
    const numbers = [value].flat(8) as number[];
    return flat(type, shape, (k) => Number(numbers[k]));
  });
}

test("every name in the table of kernels is that of an opaque op", () => {
  for (const name of renderedOps) assert.equal(builtIn.get(name)?.kind, "opaque", name);
});

const rooms = [
  poolCases,
  gatherCases,
  scatterCases,
  randomCases,
  cumulativeCases,
  sortCases,
].flat() as OpWithCases[];
const withKernels = rooms.filter(({ op }) => renderedOps.includes(op.name));

test("all ops with kernels have cases", () => {
  assert.deepEqual(new Set(withKernels.map(({ op }) => op.name)), new Set(renderedOps));
});

for (const { op, cases } of withKernels) {
  test(`${op.name}: its cases`, () => {
    const opaque = op as OpaqueOp;
    let compared = 0;
    for (const one of cases.filter(isOpCase)) {
      for (const dtype of dtypesOf(op, one)) {
        const inputs = inputsOf(opaque, one, dtype);
        const specs = inputs.map(({ shape, dtype: type }) => specOf(shape, type));
        const outputs = op.infer(specs, one.attrs ?? {});
        if (renderOpaque({ op, attrs: one.attrs ?? {}, inputs: specs, outputs, line: null }) === null)
          continue;
        compare(opaque, inputs, one.attrs ?? {});
        compared++;
      }
    }
    assert.ok(compared > 0);
  });
}

type Pad = [number, number];

/** Windows that overlap, touch, leave gaps, and reach over the edges. */
const planes: { whole: number[]; pooled: number[]; attrs: object }[] = [
  pool([2, 9, 11], [2, 2], [2, 2], [none(), none()]),
  pool(
    [2, 9, 11],
    [3, 3],
    [2, 2],
    [
      [1, 1],
      [0, 2],
    ],
  ),
  pool(
    [1, 7, 6],
    [3, 2],
    [1, 1],
    [
      [2, 2],
      [1, 1],
    ],
  ),
  pool([3, 8, 8], [1, 2], [3, 4], [none(), none()]),
  pool([2, 13], [3], [2], [[1, 1]]),
];
const volumes = [
  pool([2, 5, 4, 6], [2, 3, 2], [1, 2, 2], [[1, 0], none(), [0, 1]]),
  pool([1, 4, 4, 4], [2, 2, 2], [2, 2, 2], [none(), none(), none()]),
];

function none(): Pad {
  return [0, 0];
}

function pool(sizes: number[], window: number[], strides: number[], pads: Pad[]) {
  const pooled = window.map(
    (n, i) => Math.floor((sizes[i + 1]! + pads[i]![0] + pads[i]![1] - n) / strides[i]!) + 1,
  );
  return { whole: sizes, pooled: [sizes[0]!, ...pooled], attrs: { window, strides, pads } };
}

for (const dtype of ["float32", "float64"] as const) {
  for (const [windows, volume] of [
    [planes, ""],
    [volumes, "3D"],
  ] as const) {
    test(`pools ${volume || "of planes"} in ${dtype}: all windows, for any number of channels`, () => {
      for (const { whole, pooled, attrs } of windows) {
        for (const channels of [1, 3, 4, 7, 16, 21, 32]) {
          const x = mixed(dtype, [...whole, channels], true);
          const dy = mixed(dtype, [...pooled, channels]);
          const sizes = { ...attrs, sizes: whole.slice(1) };
          compare(opNamed(`MaxPool${volume}`), [x], attrs);
          compare(opNamed(`MaxPool${volume}Grad`), [x, dy], attrs);
          compare(opNamed(`MaxPool${volume}GradGrad`), [x, mixed(dtype, x.shape)], attrs);
          compare(opNamed(`AvgPool${volume}`), [mixed(dtype, x.shape)], attrs);
          compare(opNamed(`AvgPool${volume}Grad`), [dy], sizes);
        }
      }
    });
  }
}

test("Gather: rows of any length and dtype, along any axis", () => {
  const gather = opNamed("Gather");
  for (const dtype of ["float32", "float64", "int32", "uint8", "bool"] as const) {
    for (const inner of [1, 2, 3, 4, 5, 7, 16, 19, 64, 1000]) {
      compare(gather, [mixed(dtype, [50, inner]), indices([37, 3], 50)], { axis: 0, batchDims: 0 });
      const table = mixed(dtype, [3, 4, 11, inner]);
      compare(gather, [table, indices([5], 11)], { axis: 2, batchDims: 0 });
      compare(gather, [table, indices([3, 9], 11)], { axis: 2, batchDims: 1 });
      compare(gather, [table, indices([3, 4, 2], 11)], { axis: 2, batchDims: 2 });
    }
    compare(gather, [mixed(dtype, [200, 300]), indices([200, 300], 300)], { axis: 1, batchDims: 1 });
  }
});

test("Gather and UnsortedSegmentSum refuse what their kernels refuse", () => {
  const ids = indices([6], 5);
  const bad = (at: number, value: number): Flat => ({ ...ids, data: ids.data.with(at, value) });
  const accepts = (name: string, given: Flat, attrs: object): boolean => {
    const inputs = [mixed("float32", [name === "Gather" ? 5 : 6, 2]), given];
    const outputs = opNamed(name).infer(
      inputs.map(({ shape, dtype }) => specOf(shape, dtype)),
      attrs,
    );
    const values = inputs.map(({ shape, dtype, data }) => ({ shape, dtype, size: data.length }));
    const node = { op: opNamed(name), attrs, inputs: values, outputs, line: null };
    return renderOpaque(node)!.accepts!(inputs);
  };
  for (const [name, attrs] of [
    ["Gather", { axis: 0, batchDims: 0 }],
    ["UnsortedSegmentSum", { numSegments: 5 }],
  ] as const) {
    assert.ok(accepts(name, ids, attrs));
    for (const value of [5, 2 ** 31 - 1]) assert.ok(!accepts(name, bad(5, value), attrs));
    assert.equal(accepts(name, bad(0, -1), attrs), name === "UnsortedSegmentSum");
  }
});

test("UnsortedSegmentSum: few and many segments, rows without one, empty ones", () => {
  const sum = opNamed("UnsortedSegmentSum");
  for (const dtype of ["float32", "float64", "int32"] as const) {
    for (const columns of [1, 3, 4, 6, 16, 33, 64]) {
      for (const [rows, segments] of [
        [0, 3],
        [1, 1],
        [500, 2],
        [300, 1000],
        [40, 7],
      ] as const) {
        const ids = indices([rows], Math.max(segments - 1, 1), -2);
        compare(sum, [mixed(dtype, [rows, columns]), ids], { numSegments: segments });
      }
    }
    compare(sum, [mixed(dtype, [6, 5, 4]), indices([6, 5], 9)], { numSegments: 10 });
  }
});

test("StatelessRandomUniformFullInt: any number of elements and words, with carries", () => {
  for (const words of [1, 2, 4]) {
    for (const size of [0, 1, 2, 3, 4, 7, 15, 16, 17, 1000, 20_003]) {
      for (const state of [
        [5, 6, 7, 8, 9, 10],
        [-3, -1, -1, 2 ** 31 - 1, -7, 2 ** 30],
        [-3, 0, -1, 0, 0, 1],
      ]) {
        const given = flat("int32", [6], (i) => state[i]!);
        compare(opNamed("StatelessRandomUniformFullInt"), [given], { shape: [size], words });
      }
    }
  }
});

test("Cumsum and Cumprod: along any axis, both ways", () => {
  for (const name of ["Cumsum", "Cumprod"]) {
    for (const dtype of ["float32", "float64", "int32"] as const) {
      for (const inner of [1, 3, 4, 18, 64, 150]) {
        for (const [exclusive, reverse] of [
          [false, false],
          [true, false],
          [false, true],
          [true, true],
        ]) {
          compare(opNamed(name), [mixed(dtype, [3, 13, inner])], { axis: 1, exclusive, reverse });
        }
      }
    }
  }
});

test("ArgSort: lines of any length, many equal elements, NaN and zeros, both ways", () => {
  for (const dtype of ["float32", "int32", "uint8"] as const) {
    for (const length of [1, 2, 3, 7, 8, 9, 100, 1023, 1025]) {
      for (const descending of [false, true]) {
        const x = mixed(dtype, [5, length], dtype === "float32");
        compare(opNamed("ArgSort"), [x], { descending });
      }
    }
  }
  const limits = [2 ** 31 - 1, -(2 ** 31), 0, -1, 2 ** 31 - 1, 1, -(2 ** 31)];
  for (const descending of [false, true]) {
    compare(opNamed("ArgSort"), [flat("int32", [7], (i) => limits[i]!)], { descending });
  }
});

/** What a function throws. */
function thrownBy(run: () => unknown): Error {
  try {
    run();
  } catch (error) {
    return error as Error;
  }
  throw new Error("nothing was thrown");
}

test("a program refuses bad indices as the op does, and goes on after that", () => {
  const table = tf.constant(mixed("float32", [50, 6]).data).reshape([50, 6]);
  const [good, negative, large] = [
    [49, 0, 7],
    [3, -1, 0],
    [0, 50, 1],
  ].map((list) => tf.constant(list, "int32"));
  const builds = {
    gather: (ids: tf.Tensor) => [tf.add(tf.gather(table, ids), 1)],
    unsortedSegmentSum: (ids: tf.Tensor) => [tf.add(unsortedSegmentSum([1, 2, 3], ids, 50), 1)],
  };
  for (const [name, build] of Object.entries(builds)) {
    const graph = graphOf((x) => build(x!), [good!]);
    const task = { name, graph, variables: [], updated: [] };
    const executable = new WasmExecutable(task, fuse(lower(graph)));
    for (const bad of name === "gather" ? [negative!, large!] : [large!]) {
      const error = thrownBy(() => executable.run([bad]));
      assert.ok(error instanceof ValueError);
      assert.equal(error.message, thrownBy(() => build(bad)).message);
      assertSame(executable.run([good!])[0]!.storage, build(good!)[0]!.storage, name);
    }
  }
});

test("large arrays: what runs at once is the reference kernel's result", () => {
  const x = tf.constant(mixed("float32", [8, 31, 33, 20]).data).reshape([8, 31, 33, 20]);
  const windows = { window: [2, 3], strides: [2, 2], pads: [none(), none()] };
  const ids = tf.constant(indices([4000], 8 * 31 - 1).data);
  const state = tf.constant([1, 2, 3, 4, 5, 6], "int32");
  const calls: [string, tf.Tensor[], object][] = [
    ["MaxPool", [x], windows],
    ["AvgPool", [x], windows],
    ["Gather", [tf.reshape(x, [8 * 31, 660]), ids], { axis: 0, batchDims: 0 }],
    ["Cumsum", [x], { axis: 3, exclusive: false, reverse: true }],
    ["ArgSort", [tf.reshape(x, [80, -1])], { descending: true }],
    ["StatelessRandomUniformFullInt", [state], { shape: [40_001], words: 2 }],
  ];
  for (const [name, inputs, attrs] of calls) {
    const op = opNamed(name);
    const [actual, expected] = [applyMany(op, inputs, attrs), bindOpaque(op)(inputs, attrs)].map((y) =>
      [y].flat(),
    );
    assert.equal(actual!.length, expected!.length);
    expected!.forEach((y, k) => {
      assert.equal(String(actual![k]!.spec), String(y.spec));
      assertSame(actual![k]!.storage, y.storage, name);
    });
  }
  const bad = tf.constant(ids.storage.with(3999, 8 * 31) as Int32Array);
  assert.throws(() => tf.gather(tf.reshape(x, [8 * 31, 660]), bad), ValueError);
});
