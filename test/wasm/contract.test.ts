/** @file Products in WebAssembly against plain loops in float64, or in integers that wrap. */
import assert from "node:assert/strict";
import test from "node:test";
import { laneClosure } from "../../src/backends/js/renderLane.js";
import { renderContract } from "../../src/backends/wasm/contract.js";
import { WORDS } from "../../src/backends/wasm/contractUnit.js";
import { wasmFeatures } from "../../src/backends/wasm/features.js";
import { arrayConstructor, type TypedArray } from "../../src/core/dtype.js";
import type { DType } from "../../src/ir/dtype.js";
import type { ContractKernel, ProductLoop, Source, Target } from "../../src/ir/kernel.js";
import { type Lane, lane } from "../../src/ir/lane.js";
import { typeLane } from "../../src/ir/typedLane.js";
import { type Pieces, WasmRunner } from "../support/wasmRunner.js";

const runner = new WasmRunner();
const modes = wasmFeatures().relaxed ? [false, true] : [false];

/** A loop, and how far the result moves: what most kernels here are written as. */
type Loop = ProductLoop & { readonly out: number };

const loop = (role: Loop["role"], size: number, a: number, b: number, out: number): Loop => ({
  role,
  size,
  a,
  b,
  out,
});

interface Epilogue {
  readonly sources?: readonly Source[];
  readonly params?: Readonly<Record<string, number>>;
  /** Lanes with their dtypes and strides; default the sum where the loops say. */
  readonly targets?: readonly { lane: Lane; dtype: DType; strides?: readonly number[]; offset?: number }[];
}

interface Offsets {
  readonly a?: number;
  readonly b?: number;
}

function kernelOf(
  dtype: DType,
  loops: readonly Loop[],
  epilogue: Epilogue = {},
  at: Offsets = {},
): ContractKernel {
  const { sources = [], params = {}, targets = [{ lane: lane.input("sum"), dtype }] } = epilogue;
  const inputs = Object.fromEntries([["sum", dtype], ...sources.map((s) => [s.name, s.dtype])]);
  return {
    kind: "contract",
    dtype,
    a: { dtype, offset: at.a ?? 0 },
    b: { dtype, offset: at.b ?? 0 },
    loops: loops.map(({ role, size, a, b }) => ({ role, size, a, b })),
    sources,
    params,
    targets: targets.map(
      (target): Target => ({
        dtype: target.dtype,
        offset: target.offset ?? 0,
        strides: target.strides ?? loops.map(({ out }) => out),
        lane: typeLane(target.lane, inputs, dtype),
      }),
    ),
  };
}

/** Elements that an access reaches. */
function reach(offset: number, sizes: readonly number[], strides: readonly number[]): number {
  return strides.reduce((far, stride, i) => far + Math.max(0, stride * (sizes[i]! - 1)), offset) + 1;
}

/** Numbers that have no short sums, the same in every run. */
function numbers(dtype: DType, size: number, seed: number): TypedArray {
  const out = new (arrayConstructor(dtype))(size);
  let state = seed;
  for (let i = 0; i < size; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    out[i] =
      dtype === "float32" || dtype === "float64"
        ? state / 2 ** 31
        : dtype === "bool"
          ? state & 1
          : state >> 3;
  }
  return out;
}

interface Arrays {
  readonly inputs: readonly { dtype: DType; data: TypedArray }[];
  readonly outputs: readonly { dtype: DType; size: number }[];
}

function arraysOf(kernel: ContractKernel): Arrays {
  const sizes = kernel.loops.map(({ size }) => size);
  const factor = (side: "a" | "b", seed: number) => {
    const { dtype, offset } = kernel[side];
    const strides = kernel.loops.map((l) => l[side]);
    return { dtype, data: numbers(dtype, reach(offset, sizes, strides), seed) };
  };
  const sources = kernel.sources.map(({ dtype, offset, strides }, i) => ({
    dtype,
    data: numbers(dtype, reach(offset, sizes, strides), 77 + i),
  }));
  const outputs = kernel.targets.map(({ dtype, offset, strides }) => ({
    dtype,
    size: reach(offset, sizes, strides),
  }));
  return { inputs: [factor("a", 1), factor("b", 2), ...sources], outputs };
}

/** Visits every position of some loops. */
function eachPosition(sizes: readonly number[], visit: (position: readonly number[]) => void): void {
  const position = sizes.map(() => 0);
  const walk = (depth: number): void => {
    if (depth === sizes.length) visit(position);
    else for (position[depth] = 0; position[depth]! < sizes[depth]!; position[depth]!++) walk(depth + 1);
  };
  walk(0);
}

const dot = (strides: readonly number[], position: readonly number[]): number =>
  strides.reduce((sum, stride, i) => sum + stride * position[i]!, 0);

interface Expected {
  readonly at: number;
  readonly value: number;
  /** What the sum would be of magnitudes: what rounding errors are measured by. */
  readonly scale: number;
}

/** What the kernel means, loop by loop. */
function expected(kernel: ContractKernel, { inputs }: Arrays): Expected[][] {
  const { loops, sources, targets, params, dtype } = kernel;
  const [outer, inner] = [false, true].map((summed) => loops.filter(({ role }) => (role === "k") === summed));
  const [a, b] = [inputs[0]!.data, inputs[1]!.data];
  const integer = dtype === "int32" || dtype === "uint8";
  const closures = targets.map((target) => laneClosure(target.lane));
  const out: Expected[][] = targets.map(() => []);
  const sizes = (of: readonly ProductLoop[]): number[] => of.map(({ size }) => size);
  eachPosition(sizes(outer!), (position) => {
    const [startA, startB] = (["a", "b"] as const).map(
      (side) =>
        kernel[side].offset +
        dot(
          outer!.map((l) => l[side]),
          position,
        ),
    );
    let sum = 0;
    let scale = 0;
    eachPosition(sizes(inner!), (k) => {
      const x =
        a[
          startA! +
            dot(
              inner!.map((l) => l.a),
              k,
            )
        ]!;
      const y =
        b[
          startB! +
            dot(
              inner!.map((l) => l.b),
              k,
            )
        ]!;
      sum = integer ? (sum + Math.imul(x, y)) | 0 : sum + x * y;
      scale += Math.abs(x * y);
    });
    const rounded = dtype === "uint8" ? sum & 255 : dtype === "float32" ? Math.fround(sum) : sum;
    const place = (access: Source | Target): number => {
      const strides = access.strides.filter((_, i) => loops[i]!.role !== "k");
      return access.offset + dot(strides, position);
    };
    const values = sources.map((source, i) => [source.name, inputs[2 + i]!.data[place(source)]!]);
    targets.forEach((target, i) => {
      const value = closures[i]!({
        inputs: Object.fromEntries([["sum", rounded], ...values]),
        attrs: params,
      });
      out[i]!.push({ at: place(target), value, scale });
    });
  });
  return out;
}

const EPSILON: Partial<Record<DType, number>> = { float32: 2 ** -24, float64: 2 ** -53 };

/** Runs a kernel and compares: exactly for integers, within what sums along k in blocks of 256 may round. */
function check(kernel: ContractKernel, pieces?: Pieces): void {
  const arrays = arraysOf(kernel);
  const want = expected(kernel, arrays);
  const steps = kernel.loops.reduce((n, l) => (l.role === "k" ? n * l.size : n), 1);
  const roundings = Math.min(steps, 256) + steps / 256 + 4;
  for (const relaxed of modes) {
    const got = runner.run(renderContract(kernel, { relaxed }), arrays.inputs, arrays.outputs, pieces);
    want.forEach((positions, i) => {
      for (const { at, value, scale } of positions) {
        const tolerance = (EPSILON[kernel.dtype] ?? 0) * roundings * (scale + Math.abs(value));
        const difference = Math.abs(got[i]![at]! - value);
        assert.ok(
          difference <= tolerance,
          `target ${i} at ${at}: expected ${value}, got ${got[i]![at]} (tolerance ${tolerance})`,
        );
      }
    });
  }
}

interface MatmulOptions {
  readonly transposeA?: boolean;
  readonly transposeB?: boolean;
}

/** The loops of a product of contiguous matrices. */
function matmul(m: number, n: number, k: number, { transposeA, transposeB }: MatmulOptions = {}): Loop[] {
  return [
    loop("m", m, transposeA ? 1 : k, 0, n),
    loop("n", n, 0, transposeB ? k : 1, 1),
    loop("k", k, transposeA ? m : 1, transposeB ? 1 : n, 0),
  ];
}

const SIDES: readonly MatmulOptions[] = [
  {},
  { transposeA: true },
  { transposeB: true },
  { transposeA: true, transposeB: true },
];

for (const dtype of ["float32", "float64", "int32", "uint8"] as const) {
  test(`${dtype} products of matrices of all transpositions and of uneven sizes`, () => {
    const sizes = [
      [4, 8, 4],
      [1, 1, 1],
      [5, 9, 7],
      [13, 3, 21],
      [1, 40, 6],
      [40, 1, 6],
      [3, 2, 530],
      [30, 270, 19],
      [270, 20, 33],
      [18, 21, 600],
    ] as const;
    for (const [m, n, k] of sizes) for (const sides of SIDES) check(kernelOf(dtype, matmul(m, n, k, sides)));
  });
}

test("a product large enough to be cut into several blocks each way", () => {
  for (const sides of SIDES) check(kernelOf("float32", matmul(60, 270, 260, sides)), { grain: 1 });
});

test("lines side by side whose steps along k are far apart are packed several at a time", () => {
  for (const [m, n, k] of [
    [530, 20, 45],
    [20, 530, 45],
    [521, 519, 17],
    [515, 30, 700],
  ] as const) {
    for (const sides of SIDES) check(kernelOf("float32", matmul(m, n, k, sides)), { grain: 1 });
  }
});

test("what a product with a bias becomes: words, and a unit for each block", () => {
  const kernel = kernelOf("float32", matmul(128, 512, 784), {
    sources: [{ name: "bias", dtype: "float32", offset: 0, strides: [0, 1, 0] }],
    targets: [{ lane: lane.max(lane.add(lane.input("sum"), lane.input("bias")), 0), dtype: "float32" }],
  });
  const { routines, temporaries } = renderContract(kernel, { relaxed: false });
  assert.equal(routines.length, 1);
  const [{ key, units, args }] = routines as [(typeof routines)[0]];
  assert.equal(
    key,
    "product float32 from bias:float32 to float32: max:float32(add:float32(input sum:float32, input bias:float32), 0:float32)",
  );
  assert.equal(units, 8);
  const words = Object.fromEntries(
    WORDS.map((word, i) => [word, "i32" in args[i]! ? (args[i] as { i32: number }).i32 : null]),
  );
  const { rows, rowBlock, columns, columnBlock, depth, depthBlock, even, direct, thin } = words;
  assert.deepEqual(
    { rows, rowBlock, columns, columnBlock, depth, depthBlock, even, direct, thin },
    {
      ...{ rows: 128, rowBlock: 64, columns: 512, columnBlock: 128, depth: 784, depthBlock: 196 },
      ...{ even: 1, direct: 0, thin: 0 },
    },
  );
  assert.equal(temporaries.length, 1);
});

test("results do not depend on how units are shared or ordered, nor on the blocks", () => {
  const kernel = kernelOf("float32", matmul(260, 264, 280));
  const arrays = arraysOf(kernel);
  const rendered = renderContract(kernel, { relaxed: false });
  assert.ok(rendered.routines[0]!.units >= 8, "there is work to share");
  const [all] = runner.run(rendered, arrays.inputs, arrays.outputs);
  for (const pieces of [{ grain: 1 }, { grain: 3, reversed: true }]) {
    assert.deepEqual(runner.run(rendered, arrays.inputs, arrays.outputs, pieces), [all]);
  }
  // The first rows alone are another plan with the same sums.
  const few = kernelOf("float32", matmul(3, 264, 280));
  const [rows] = runner.run(renderContract(few, { relaxed: false }), arrays.inputs, [
    { dtype: "float32", size: 3 * 264 },
  ]);
  assert.deepEqual(rows, all!.slice(0, 3 * 264));
});

test("sums of nothing are zero, and products without results have no units", () => {
  check(kernelOf("float32", matmul(5, 9, 0)));
  check(kernelOf("int32", matmul(5, 9, 0)));
  const empty = renderContract(kernelOf("float32", matmul(0, 9, 4)), { relaxed: false });
  assert.equal(empty.routines[0]!.units, 0);
});

test("batches, also where a factor stands still along them", () => {
  const heads = (a: number, b: number): Loop[] => [
    loop("batch", 3, 2 * a, b, 2 * 63),
    loop("batch", 2, a, 0, 63),
    ...matmul(7, 9, 5),
  ];
  check(kernelOf("float32", heads(35, 45)));
  check(kernelOf("float64", heads(35, 45)), { grain: 2, reversed: true });
  check(kernelOf("float32", [loop("batch", 6, 35, 0, 63), ...matmul(7, 9, 5)]));
  check(kernelOf("float32", [loop("batch", 6, 0, 45, 63), ...matmul(7, 9, 5)]));
  check(kernelOf("float32", [loop("batch", 6, 0, 0, 63), ...matmul(7, 9, 5)]));
});

test("attention: heads lie inside rows", () => {
  const [batch, heads, length, width] = [2, 3, 10, 8];
  const row = heads * width;
  check(
    kernelOf("float32", [
      loop("batch", batch, length * row, length * row, heads * length * length),
      loop("batch", heads, width, width, length * length),
      loop("m", length, row, 0, length),
      loop("n", length, 0, row, 1),
      loop("k", width, 1, 1, 0),
    ]),
  );
  check(
    kernelOf("float32", [
      loop("batch", batch, heads * length * length, length * row, length * row),
      loop("batch", heads, length * length, width, width),
      loop("m", length, length, 0, row),
      loop("n", width, 0, 1, 1),
      loop("k", length, 1, row, 0),
    ]),
  );
});

/** Loops of a convolution of [batch, side, side, from] with [window, window, from, to]. */
function convolution(stride: number, dilation: number): Loop[] {
  const [batch, side, from, to, window] = [2, 9, 3, 10, 3];
  const out = Math.floor((side - (window - 1) * dilation - 1) / stride) + 1;
  const line = side * from;
  return [
    loop("m", batch, side * line, 0, out * out * to),
    loop("m", out, stride * line, 0, out * to),
    loop("m", out, stride * from, 0, to),
    loop("n", to, 0, 1, 1),
    loop("k", window, dilation * line, window * from * to, 0),
    loop("k", window, dilation * from, from * to, 0),
    loop("k", from, 1, to, 0),
  ];
}

test("convolutions, with strides and dilations", () => {
  check(kernelOf("float32", convolution(1, 1)));
  check(kernelOf("float32", convolution(2, 1)), { grain: 1 });
  check(kernelOf("float64", convolution(1, 2)));
  check(kernelOf("uint8", convolution(2, 2)));
});

test("a convolution's gradient by its filter sums over batch and places", () => {
  const [batch, side, from, to, window] = [3, 12, 5, 9, 3];
  const out = side - window + 1;
  const line = side * from;
  check(
    kernelOf("float32", [
      loop("m", window, line, 0, window * from * to),
      loop("m", window, from, 0, from * to),
      loop("m", from, 1, 0, to),
      loop("n", to, 0, 1, 1),
      loop("k", batch, side * line, out * out * to, 0),
      loop("k", out, line, out * to, 0),
      loop("k", out, from, to, 0),
    ]),
  );
});

test("a convolution's gradient by its input walks the filter backwards", () => {
  const [side, from, to, window] = [7, 6, 5, 3];
  const padded = side + window - 1;
  const last = window * window * from * to - from * to;
  const kernel = kernelOf(
    "float32",
    [
      loop("m", side, padded * to, 0, side * from),
      loop("m", side, to, 0, from),
      loop("n", from, 0, to, 1),
      loop("k", window, padded * to, -window * from * to, 0),
      loop("k", window, to, -from * to, 0),
      loop("k", to, 1, 1, 0),
    ],
    {},
    { b: last },
  );
  check(kernel);
});

test("loops of any order and stride: einsum abc,cbd->dab and a transposed result", () => {
  const [A, B, C, D] = [5, 6, 7, 9];
  check(
    kernelOf("float32", [
      loop("batch", B, C, D, 1),
      loop("n", D, 0, 1, A * B),
      loop("k", C, 1, B * D, 0),
      loop("m", A, B * C, 0, B),
    ]),
  );
  check(kernelOf("float32", [loop("n", 20, 0, 1, 11), loop("m", 11, 30, 0, 1), loop("k", 30, 1, 20, 0)]));
  // Columns in pairs that lie backwards: four that look contiguous at their ends.
  check(
    kernelOf("float32", [
      loop("m", 6, 8, 0, 16),
      loop("n", 8, 0, 2, 2),
      loop("n", 2, 0, 1, 1),
      loop("k", 4, 2, 20, 0),
      loop("k", 2, 1, 100, 0),
    ]),
  );
});

test("factors and results may begin anywhere and lie apart", () => {
  const kernel = kernelOf(
    "float32",
    [loop("m", 9, 40, 0, 50), loop("n", 17, 0, 3, 2), loop("k", 11, 2, 60, 0)],
    { targets: [{ lane: lane.input("sum"), dtype: "float32", offset: 3 }] },
    { a: 5, b: 7 },
  );
  check(kernel);
});

test("bias, activation and residual are computed with the sum", () => {
  const [m, n, k] = [19, 22, 300];
  const sum = lane.add(lane.input("sum"), lane.input("bias"));
  check(
    kernelOf("float32", matmul(m, n, k), {
      sources: [
        { name: "bias", dtype: "float32", offset: 0, strides: [0, 1, 0] },
        { name: "scale", dtype: "float32", offset: 2, strides: [1, 0, 0] },
        { name: "residual", dtype: "float32", offset: 0, strides: [n, 1, 0] },
      ],
      params: { slope: 0.25 },
      targets: [
        {
          lane: lane.add(
            lane.mul(lane.max(sum, lane.mul(sum, lane.attr("slope"))), lane.input("scale")),
            lane.input("residual"),
          ),
          dtype: "float32",
        },
      ],
    }),
  );
});

test("several targets, of other dtypes and layouts", () => {
  const [m, n, k] = [10, 13, 6];
  const positive = lane.gt(lane.input("sum"), 0);
  for (const dtype of ["float32", "float64", "int32", "uint8"] as const) {
    check(
      kernelOf(dtype, matmul(m, n, k), {
        sources: [{ name: "keep", dtype: "bool", offset: 0, strides: [n, 1, 0] }],
        targets: [
          { lane: positive, dtype: "bool" },
          { lane: lane.select(lane.and(positive, lane.input("keep")), lane.input("sum"), 0), dtype },
          { lane: lane.cast(lane.neg(lane.input("sum")), "float64"), dtype: "float64", strides: [1, m, 0] },
        ],
      }),
    );
  }
});

test("a target may be the array of a source", () => {
  const kernel = kernelOf("float32", matmul(9, 10, 4), {
    sources: [{ name: "old", dtype: "float32", offset: 0, strides: [10, 1, 0] }],
    targets: [{ lane: lane.sub(lane.input("old"), lane.input("sum")), dtype: "float32" }],
  });
  const arrays = arraysOf(kernel);
  const rendered = renderContract(kernel, { relaxed: false });
  const inPlace = {
    ...rendered,
    routines: rendered.routines.map((routine) => ({
      ...routine,
      args: routine.args.map((arg) => ("array" in arg && arg.array === 2 ? { ...arg, array: 3 } : arg)),
    })),
  };
  const [apart] = runner.run(rendered, arrays.inputs, arrays.outputs);
  const [there] = runner.run(inPlace, arrays.inputs, [
    { dtype: "float32", size: 90, data: arrays.inputs[2]!.data },
  ]);
  assert.deepEqual(there, apart);
});

test("one code serves all shapes, strides and numbers of loops", () => {
  const key = (kernel: ContractKernel, relaxed = false): string =>
    renderContract(kernel, { relaxed }).routines[0]!.key;
  const plain = key(kernelOf("float32", matmul(4, 5, 6)));
  assert.equal(key(kernelOf("float32", matmul(400, 50, 600, { transposeA: true }))), plain);
  assert.equal(key(kernelOf("float32", convolution(2, 1))), plain);
  assert.notEqual(key(kernelOf("float64", matmul(4, 5, 6))), plain);
  assert.notEqual(key(kernelOf("float32", matmul(4, 5, 6)), true), plain);
});

test("very long sums are cut into parts, which lose little and finish like others", () => {
  const long = kernelOf("float32", matmul(8, 9, 70000));
  assert.equal(renderContract(long, { relaxed: false }).routines.length, 2);
  check(long);
  const [m, n, k] = [10, 21, 20001];
  const strides = [m * n, n, 1, 0];
  const kernel = kernelOf("float32", [loop("batch", 2, m * k, k * n, m * n), ...matmul(m, n, k)], {
    sources: [{ name: "bias", dtype: "float32", offset: 0, strides: [0, 0, 1, 0] }],
    targets: [
      { lane: lane.max(lane.add(lane.input("sum"), lane.input("bias")), 0), dtype: "float32", strides },
      { lane: lane.gt(lane.input("sum"), 0), dtype: "bool", strides },
    ],
  });
  assert.equal(renderContract(kernel, { relaxed: false }).routines.length, 2);
  check(kernel, { grain: 1, reversed: true });
  check(kernelOf("int32", matmul(9, 9, 50000)));
  check(kernelOf("float64", matmul(12, 12, 30000, { transposeA: true })));
});

test("single results are dot products, contiguous or not", () => {
  for (const dtype of ["float32", "float64", "int32", "uint8"] as const) {
    check(kernelOf(dtype, [loop("batch", 5, 40, 40, 1), loop("k", 37, 1, 1, 0)]));
    check(kernelOf(dtype, [loop("batch", 3, 80, 1, 1), loop("k", 11, 2, 3, 0)]));
    check(kernelOf(dtype, [loop("m", 2, 700, 0, 1), loop("k", 9, 70, 1, 0), loop("k", 67, 1, 9, 0)]));
  }
  check(kernelOf("float32", matmul(1, 301, 40, { transposeB: true })), { grain: 1 });
  check(kernelOf("float64", matmul(301, 1, 40)));
  check(kernelOf("float32", [loop("k", 600_000, 1, 1, 0)]));
});

test("infinities and NaN beside the product do not enter it", () => {
  const kernel = kernelOf("float32", [loop("m", 3, 8, 0, 3), loop("n", 3, 0, 1, 1), loop("k", 5, 1, 8, 0)]);
  const data = (): TypedArray => new Float32Array(40).fill(Number.NaN);
  const [a, b] = [data(), data()];
  for (let i = 0; i < 3; i++) for (let l = 0; l < 5; l++) a[i * 8 + l] = b[l * 8 + i] = 1 + i;
  const inputs = [a, b].map((array) => ({ dtype: "float32" as const, data: array }));
  const [out] = runner.run(renderContract(kernel, { relaxed: false }), inputs, [
    { dtype: "float32", size: 9 },
  ]);
  assert.deepEqual([...out!], [5, 10, 15, 10, 20, 30, 15, 30, 45]);
});

test("products of bool or of mixed dtypes are not defined", () => {
  assert.throws(
    () => renderContract(kernelOf("bool", matmul(2, 2, 2)), { relaxed: false }),
    /product: expected .*, got bool/,
  );
  const mixed = { ...kernelOf("float32", matmul(2, 2, 2)), b: { dtype: "float64" as const, offset: 0 } };
  assert.throws(
    () => renderContract(mixed, { relaxed: false }),
    /factors of float32, got float32 and float64/,
  );
});

test("an engine's features are asked of the engine", () => {
  const { simd, threads, relaxed } = wasmFeatures();
  assert.deepEqual({ simd, threads }, { simd: true, threads: true });
  // V8 has relaxed SIMD from version 11.4 on.
  const [major, minor] = process.versions.v8.split(".").map(Number);
  assert.equal(relaxed, major! > 11 || (major === 11 && minor! >= 4));
});
