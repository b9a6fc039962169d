/** @file Reductions in WebAssembly against the tree of the JavaScript backend, bit by bit, and against plain loops. */
import assert from "node:assert/strict";
import test from "node:test";
import { combineInTree } from "../../src/backends/js/reductionKernel.js";
import { laneClosure } from "../../src/backends/js/renderLane.js";
import { ArgumentBlocks } from "../../src/backends/wasm/arguments.js";
import { Heap } from "../../src/backends/wasm/heap.js";
import { installLaneFunctions, RoutineLibrary } from "../../src/backends/wasm/module.js";
import { renderReduce } from "../../src/backends/wasm/reduce.js";
import { arrayConstructor, type TypedArray } from "../../src/core/dtype.js";
import type { LaneState, ReductionOp } from "../../src/core/op.js";
import type { DType } from "../../src/ir/dtype.js";
import type { ReduceKernel, Source, StateLanes, Target } from "../../src/ir/kernel.js";
import { type Lane, lane } from "../../src/ir/lane.js";
import { typeLane } from "../../src/ir/typedLane.js";
import { argmaxOp, maxOp } from "../../src/ops/extremes.js";
import { allOp, meanOp, prodOp, sumOp } from "../../src/ops/reductions.js";

const heap = new Heap();
const library = new RoutineLibrary(heap);
installLaneFunctions({
  atan2: (y: number, x: number) => Math.atan2(y, x),
  floordivInt: (a: number, b: number) => {
    if (b === 0) throw new RangeError("integer division by zero");
    return Math.floor(a / b);
  },
});

/** Numbers in [−1, 1) that have no short sums, the same in every run. */
function numbers(dtype: DType, size: number, seed = 1): TypedArray {
  const out = new (arrayConstructor(dtype))(size);
  let state = seed;
  for (let i = 0; i < size; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    const uniform = state / 2 ** 31;
    if (dtype === "bool") out[i] = uniform > -0.9 ? 1 : 0;
    else out[i] = dtype === "int32" || dtype === "uint8" ? Math.floor(uniform * 1000) : uniform;
  }
  return out;
}

interface Case {
  readonly op: ReductionOp;
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly reduced: readonly number[];
  readonly strides: readonly number[];
  readonly offset?: number;
  readonly params?: Readonly<Record<string, number>>;
  /** What is reduced; default the source. */
  readonly x?: { lane: Lane; dtype: DType; sources: readonly Source[] };
  /** Default: the result, contiguous. */
  readonly targets?: (result: DType) => readonly Target[];
  readonly extras?: readonly Source[];
}

const product = (sizes: readonly number[]): number => sizes.reduce((n, size) => n * size, 1);

/** Strides of a contiguous array. */
const contiguous = (shape: readonly number[]): number[] => shape.map((_, i) => product(shape.slice(i + 1)));

function kernelOf(given: Case): ReduceKernel {
  const { op, dtype, shape, reduced, strides, offset = 0 } = given;
  const states = op.stateDtypes(dtype);
  const names = Object.keys(states);
  const each = (lanes: LaneState, inputs: Record<string, DType>): StateLanes =>
    Object.fromEntries(names.map((name) => [name, typeLane(lanes[name]!, inputs, states[name]!)]));
  const side = (prefix: string): LaneState =>
    Object.fromEntries(names.map((name) => [name, lane.input(prefix + name)]));
  const sides = ["a_", "b_"].flatMap((p) => names.map((name) => [p + name, states[name]!]));
  const finish = typeLane(op.finish(side(""), lane.attr("count")), states, dtype);
  const x = given.x ?? { lane: lane.input("x"), dtype, sources: [{ name: "x", dtype, offset, strides }] };
  const types = Object.fromEntries(x.sources.map((source) => [source.name, source.dtype]));
  const result: Target[] = [
    {
      dtype: finish.dtype,
      offset: 0,
      strides: contiguous(shape),
      lane: { kind: "input", name: "result", dtype: finish.dtype },
    },
  ];
  return {
    kind: "reduce",
    shape,
    reduced,
    sources: x.sources,
    extras: given.extras ?? [],
    targets: given.targets?.(finish.dtype) ?? result,
    params: given.params ?? {},
    x: typeLane(x.lane, types, x.dtype),
    states,
    identity: op.identity === null ? null : each(op.identity, {}),
    element: each(op.element(lane.input("x"), lane.input("index")), { x: dtype, index: "int32" }),
    combine: each(op.combine(side("a_"), side("b_")), Object.fromEntries(sides)),
    finish,
  };
}

/** Runs a kernel, its units in pieces of `grain` from the last to the first, by different workers. */
function run(
  kernel: ReduceKernel,
  inputs: readonly TypedArray[],
  outputs: readonly number[],
  grain = 7,
): TypedArray[] {
  const { routines, temporaries } = renderReduce(kernel, { relaxed: false });
  const addresses: number[] = [];
  const place = (dtype: DType, size: number): number => {
    addresses.push(heap.allocate(size * (dtype === "float64" ? 8 : 4), "an array of the test"));
    return addresses.at(-1)!;
  };
  [...kernel.sources, ...kernel.extras].forEach(({ dtype }, i) => {
    const address = place(dtype, inputs[i]!.length);
    heap.view(dtype, address, inputs[i]!.length).set(inputs[i]!);
  });
  const results = kernel.targets.map(({ dtype }, i) => ({
    dtype,
    address: place(dtype, outputs[i]! + 1),
    size: outputs[i]!,
  }));
  for (const { dtype, address, size } of results) heap.view(dtype, address, size + 1).fill(99);
  for (const bytes of temporaries) {
    heap.view("uint8", place("float32", bytes), bytes).fill(255);
  }
  const blocks = new ArgumentBlocks<number>();
  const starts = routines.map(({ args }) => blocks.add(args, addresses));
  const base = blocks.place(heap, "arguments");
  blocks.bind(heap, (address) => address);
  library.load(routines).forEach((routine, i) => {
    const { units } = routines[i]!;
    const begins = Array.from({ length: Math.ceil(units / grain) }, (_, piece) => piece * grain).reverse();
    begins.forEach((begin, turn) => {
      routine.run(base + starts[i]!, begin, Math.min(begin + grain, units), turn % 16);
    });
  });
  const values = results.map(({ dtype, address, size }) => {
    assert.equal(heap.view(dtype, address, size + 1)[size], 99, "nothing is written beyond the end");
    return heap.view(dtype, address, size).slice();
  });
  for (const address of [...addresses, base]) heap.free(address);
  return values;
}

/** All positions of some loops, in row-major order. */
function positions(sizes: readonly number[]): number[][] {
  return sizes.reduce<number[][]>(
    (before, size) => before.flatMap((position) => Array.from({ length: size }, (_, i) => [...position, i])),
    [[]],
  );
}

/** What the kernel means: the reference tree over closures of its lanes. */
function reference(kernel: ReduceKernel, inputs: readonly TypedArray[]): number[] {
  const names = Object.keys(kernel.states);
  const closures = (lanes: StateLanes) => names.map((name) => laneClosure(lanes[name]!));
  const [element, combine] = [closures(kernel.element), closures(kernel.combine)];
  const x = laneClosure(kernel.x);
  const finish = laneClosure(kernel.finish);
  const inner = positions(kernel.reduced);
  const attrs = { ...kernel.params, count: inner.length };
  const named = (prefix: string, state: readonly number[]) =>
    names.map((name, i) => [prefix + name, state[i]!] as const);
  return positions(kernel.shape).map((outer) => {
    const read = (i: number): number => {
      const position = [...outer, ...inner[i]!];
      const values = kernel.sources.map(({ name, offset, strides }, s) => {
        const at = strides.reduce((sum, stride, loop) => sum + stride * position[loop]!, offset);
        return [name, inputs[s]![at]!];
      });
      return x({ inputs: Object.fromEntries(values), attrs });
    };
    const state =
      inner.length === 0
        ? closures(kernel.identity!).map((lane) => lane({ inputs: {}, attrs }))
        : combineInTree<number[]>(
            inner.length,
            (i) => element.map((lane) => lane({ inputs: { x: read(i), index: i }, attrs })),
            (a, b) =>
              combine.map((lane) =>
                lane({ inputs: Object.fromEntries([...named("a_", a), ...named("b_", b)]), attrs }),
              ),
          );
    return finish({ inputs: Object.fromEntries(named("", state)), attrs });
  });
}

/** How far a source reaches. */
function extent({ shape, reduced, strides, offset = 0 }: Case): number {
  return (
    [...shape, ...reduced].reduce(
      (sum, size, loop) => sum + (size - 1) * Math.max(0, strides[loop]!),
      offset,
    ) + 1
  );
}

function check(given: Case): void {
  const kernel = kernelOf(given);
  const x = numbers(given.dtype, extent(given));
  const expected = reference(kernel, [x]);
  for (const grain of [1, 7, 1000]) {
    const [got] = run(kernel, [x], [product(given.shape)], grain);
    assert.deepEqual([...got!], expected);
  }
}

/** Shapes and strides: [kept, reduced, strides over both]. */
const LAYOUTS: Record<string, [number[], number[], number[]]> = {
  "rows of 1": [[5], [1], [1, 1]],
  "short rows": [[9], [10], [10, 1]],
  "three short rows": [[3], [10], [10, 1]],
  "rows of 16 and one": [[2], [17], [17, 1]],
  "rows of 100": [[6], [100], [100, 1]],
  "rows of a block": [[3], [256], [256, 1]],
  "rows of a block and one": [[3], [257], [257, 1]],
  "rows of a block and 20": [[2], [276], [276, 1]],
  "rows of many blocks": [[2], [256 * 11 + 5], [256 * 11 + 5, 1]],
  "rows of 4, 7 and a bit blocks": [[3], [256 * 7 + 30], [256 * 7 + 30, 1]],
  "rows of 13 blocks exactly": [[2], [256 * 13], [256 * 13, 1]],
  "everything, a little": [[], [7], [1]],
  "everything, much": [[], [70_003], [1]],
  "every second element": [[], [3001], [2]],
  columns: [[50], [40], [1, 50]],
  "three columns": [[3], [700], [1, 3]],
  "one column of many": [[1], [300], [1, 5]],
  "many columns": [[1111], [70], [1, 1111]],
  "columns, cut into runs": [[6], [12_000], [1, 6]],
  "the middle axis": [[4, 11], [37], [11 * 37, 1, 11]],
  "the outer axes, walked separately": [[13], [5, 7], [1, 13 * 9, 13]],
  "first and last axis": [[6], [5, 32], [32, 6 * 32, 1]],
  "first and last axis, uneven": [[6], [5, 33], [33, 6 * 33, 1]],
  "three loops that do not merge": [[3], [4, 5, 8], [8, 1000, 100, 1]],
  "three uneven loops": [[], [4, 5, 7], [1000, 100, 1]],
  backwards: [[4], [50], [50, -1]],
  "repeated along what is reduced": [[8], [20], [1, 0]],
  "repeated along what stays": [[4, 6], [50], [50, 0, 1]],
  "transposed result": [[8, 9], [20], [20, 160, 1]],
};

for (const [name, [shape, reduced, strides]] of Object.entries(LAYOUTS)) {
  const offset = name === "backwards" ? 49 : 3;
  for (const dtype of ["float32", "float64"] as const) {
    test(`sum of ${dtype}, ${name}: the same bits as the tree`, () =>
      check({ op: sumOp, dtype, shape, reduced, strides, offset }));
  }
  test(`argmax of float32, ${name}`, () =>
    check({ op: argmaxOp, dtype: "float32", shape, reduced, strides, offset }));
  test(`argmax of float64, ${name}`, () =>
    check({ op: argmaxOp, dtype: "float64", shape, reduced, strides, offset }));
}

for (const [dtype, ops] of [
  ["int32", [sumOp, prodOp, maxOp, argmaxOp]],
  ["uint8", [sumOp, prodOp, maxOp]],
  ["bool", [allOp]],
  ["float32", [meanOp, prodOp, maxOp]],
] as const) {
  for (const op of ops) {
    test(`${op.name} of ${dtype}: rows, columns and everything`, () => {
      for (const layout of [
        "short rows",
        "rows of a block and 20",
        "three columns",
        "columns",
        "every second element",
      ]) {
        const [shape, reduced, strides] = LAYOUTS[layout]!;
        check({ op, dtype, shape, reduced, strides });
      }
    });
  }
}

test("sums are right: against sums in float64", () => {
  const [rows, columns] = [70, 900];
  const x = numbers("float32", rows * columns);
  const along = (kept: number, reduced: number, strides: number[]): number[] => [
    ...run(
      kernelOf({ op: sumOp, dtype: "float32", shape: [kept], reduced: [reduced], strides }),
      [x],
      [kept],
    )[0]!,
  ];
  const exact = (kept: number, reduced: number, [a, b]: number[]): number[] =>
    Array.from({ length: kept }, (_, i) => {
      let sum = 0;
      for (let j = 0; j < reduced; j++) sum += x[i * a! + j * b!]!;
      return sum;
    });
  for (const [kept, reduced, strides] of [
    [rows, columns, [columns, 1]],
    [columns, rows, [1, columns]],
  ] as const) {
    const got = along(kept, reduced, [...strides]);
    exact(kept, reduced, [...strides]).forEach((value, i) => {
      assert.ok(Math.abs(got[i]! - value) < 1e-4, `${i}: ${got[i]} is not ${value}`);
    });
  }
});

test("0.1 so often that adding in sequence goes wrong", () => {
  const count = 3_000_000;
  const x = new Float32Array(count).fill(0.1);
  const [sum] = run(
    kernelOf({ op: sumOp, dtype: "float32", shape: [], reduced: [count], strides: [1] }),
    [x],
    [1],
  );
  assert.ok(Math.abs(sum![0]! - count * Math.fround(0.1)) < 0.5);
});

test("a NaN is seen wherever it is, and no other", () => {
  for (const position of [0, 5, 15, 16, 255, 256, 290]) {
    const x = new Float32Array(2 * 291 + 16).fill(-1);
    x[position] = Number.NaN;
    // Behind the array, where whole vectors read.
    x.fill(Number.NaN, 2 * 291);
    const kernel = kernelOf({ op: maxOp, dtype: "float32", shape: [2], reduced: [291], strides: [291, 1] });
    assert.deepEqual([...run(kernel, [x], [2])[0]!], [Number.NaN, -1]);
  }
});

test("what is reduced may be computed from several sources on the way", () => {
  // Σ (x − m)² · s with m per row and a parameter s, over rows and over columns.
  const [rows, columns] = [12, 75];
  const x = numbers("float32", rows * columns);
  const m = numbers("float32", rows, 5);
  const difference = lane.sub(lane.input("x"), lane.input("m"));
  const square = lane.mul(lane.mul(difference, difference), lane.attr("s"));
  for (const along of ["rows", "columns"]) {
    const [shape, reduced] = along === "rows" ? [[rows], [columns]] : [[columns], [rows]];
    const kernel = kernelOf({
      op: sumOp,
      dtype: "float32",
      shape,
      reduced,
      strides: [],
      params: { s: 0.375 },
      x: {
        lane: square,
        dtype: "float32",
        sources: [
          { name: "x", dtype: "float32", offset: 0, strides: along === "rows" ? [columns, 1] : [1, columns] },
          { name: "m", dtype: "float32", offset: 0, strides: along === "rows" ? [1, 0] : [0, 1] },
        ],
      },
    });
    const [got] = run(kernel, [x, m], [shape[0]!]);
    assert.deepEqual([...got!], reference(kernel, [x, m]));
    const first = Array.from({ length: reduced[0]! }, (_, j) =>
      along === "rows" ? (x[j]! - m[0]!) ** 2 : (x[j * columns]! - m[j]!) ** 2,
    );
    assert.ok(Math.abs(got![0]! - 0.375 * first.reduce((a, b) => a + b)) < 1e-4);
  }
});

test("targets are computed from the result and extras, in place too, whatever their strides", () => {
  // y = result · w + b, stored transposed; z = result > 0, contiguous.
  const [outer, inner, count] = [5, 7, 40];
  const x = numbers("float32", outer * inner * count);
  const w = numbers("float32", inner, 3);
  const b = numbers("float32", outer * inner, 4);
  for (const strides of [
    [inner * count, count, 1],
    [1, outer, outer * inner],
  ]) {
    const result = lane.input("result");
    const types = { result: "float32", w: "float32", b: "float32" } as const;
    const y = lane.add(lane.mul(result, lane.input("w")), lane.input("b"));
    const kernel = kernelOf({
      op: sumOp,
      dtype: "float32",
      shape: [outer, inner],
      reduced: [count],
      strides,
      extras: [
        { name: "w", dtype: "float32", offset: 0, strides: [0, 1] },
        { name: "b", dtype: "float32", offset: 0, strides: [inner, 1] },
      ],
      targets: () => [
        { dtype: "float32", offset: 0, strides: [1, outer], lane: typeLane(y, types, "float32") },
        {
          dtype: "bool",
          offset: 0,
          strides: [inner, 1],
          lane: typeLane(lane.gt(result, 0), types, "float32"),
        },
      ],
    });
    const [got, positive] = run(kernel, [x, w, b], [outer * inner, outer * inner]);
    const sums = reference(kernel, [x]);
    for (let i = 0; i < outer; i++) {
      for (let j = 0; j < inner; j++) {
        const sum = sums[i * inner + j]!;
        assert.equal(positive![i * inner + j], sum > 0 ? 1 : 0);
        assert.equal(got![j * outer + i], Math.fround(Math.fround(sum * w[j]!) + b[i * inner + j]!));
      }
    }
  }
});

test("reducing nothing gives the identity, or is an error; no positions are no work", () => {
  const given = { dtype: "float32", shape: [6], reduced: [0], strides: [0, 1] } as const;
  const x = new Float32Array(1);
  assert.deepEqual([...run(kernelOf({ ...given, op: sumOp }), [x], [6])[0]!], [0, 0, 0, 0, 0, 0]);
  assert.deepEqual([...run(kernelOf({ ...given, op: prodOp }), [x], [6])[0]!], [1, 1, 1, 1, 1, 1]);
  assert.ok([...run(kernelOf({ ...given, op: meanOp }), [x], [6])[0]!].every(Number.isNaN));
  assert.throws(() => renderReduce(kernelOf({ ...given, op: argmaxOp }), { relaxed: false }), /no identity/);
  const nowhere = kernelOf({ ...given, op: sumOp, shape: [0], reduced: [5] });
  assert.deepEqual(renderReduce(nowhere, { relaxed: false }).routines, []);
});

test("imported functions see the elements and nothing else", () => {
  // Σ ⌊a / b⌋ of int32, where beyond the arrays' ends there are zeros.
  const quotient = lane.floordiv(lane.input("a"), lane.input("b"));
  for (const [shape, reduced, strides] of [
    LAYOUTS["rows of 100"]!,
    LAYOUTS["three columns"]!,
    LAYOUTS["short rows"]!,
  ]) {
    const size = product([...shape, ...reduced]);
    const a = numbers("int32", size + 16);
    const b = numbers("int32", size + 16, 9).map((value) => value || 1) as TypedArray;
    b.fill(0, size);
    const sources = ["a", "b"].map((name) => ({ name, dtype: "int32", offset: 0, strides }) as const);
    const x = { lane: quotient, dtype: "int32" as const, sources };
    const kernel = kernelOf({ op: sumOp, dtype: "int32", shape, reduced, strides, x });
    assert.deepEqual([...run(kernel, [a, b], [product(shape)])[0]!], reference(kernel, [a, b]));
  }
});

test("one routine serves all shapes of a structure", () => {
  const keys = (rows: number, columns: number): string[] =>
    renderReduce(
      kernelOf({ op: sumOp, dtype: "float32", shape: [rows], reduced: [columns], strides: [columns, 1] }),
      { relaxed: false },
    ).routines.map(({ key }) => key);
  assert.deepEqual(keys(100, 50), keys(8, 4000));
  assert.notDeepEqual(keys(100, 50), keys(100, 5));
});
