/** @file Map kernels in WebAssembly against the closures of the JavaScript backend, element by element, however arrays lie. */
import assert from "node:assert/strict";
import test from "node:test";
import { laneClosure } from "../../src/backends/js/renderLane.js";
import { type FunctionBuilder, ModuleBuilder } from "../../src/backends/wasm/assembler.js";
import { renderMap } from "../../src/backends/wasm/map.js";
import { installLaneFunctions } from "../../src/backends/wasm/module.js";
import type { Rendered, Routine } from "../../src/backends/wasm/routine.js";
import { arrayConstructor, type TypedArray } from "../../src/core/dtype.js";
import { laneFunctions } from "../../src/eager/laneFunctions.js";
import type { DType } from "../../src/ir/dtype.js";
import type { MapKernel, Source } from "../../src/ir/kernel.js";
import { type Lane, lane } from "../../src/ir/lane.js";
import { type TypedLane, typeLane } from "../../src/ir/typedLane.js";
import { type Pieces, WasmRunner } from "../support/wasmRunner.js";

installLaneFunctions(laneFunctions);
const runner = new WasmRunner();

const DTYPES: readonly DType[] = ["float32", "float64", "int32", "uint8", "bool"];

/** Numbers of a dtype, with no pattern, the same in every run. */
function numbers(dtype: DType, size: number, seed = 1): TypedArray {
  const out = new (arrayConstructor(dtype))(size);
  let state = seed;
  for (let i = 0; i < size; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    const uniform = state / 2 ** 31;
    if (dtype === "bool") out[i] = uniform > 0 ? 1 : 0;
    else out[i] = dtype === "int32" || dtype === "uint8" ? Math.floor(uniform * 100_000) : uniform * 4;
  }
  return out;
}

const product = (sizes: readonly number[]): number => sizes.reduce((n, size) => n * size, 1);

/** Strides of a contiguous array. */
const contiguous = (shape: readonly number[]): number[] => shape.map((_, i) => product(shape.slice(i + 1)));

/** How many elements an array has that is walked so. */
const span = (shape: readonly number[], { offset, strides }: Omit<Source, "name" | "dtype">): number =>
  offset + shape.reduce((end, size, i) => end + (size - 1) * strides[i]!, 0) + 1;

/** Calls `visit` for every position, with the element each access is at. */
function everywhere(kernel: MapKernel, visit: (elements: readonly number[]) => void): void {
  const accesses = [...kernel.sources, ...kernel.targets];
  const walk = (axis: number, elements: readonly number[]): void => {
    if (axis === kernel.shape.length) {
      visit(elements);
      return;
    }
    for (let i = 0; i < kernel.shape[axis]!; i++) {
      walk(
        axis + 1,
        elements.map((element, k) => element + i * accesses[k]!.strides[axis]!),
      );
    }
  };
  walk(
    0,
    accesses.map(({ offset }) => offset),
  );
}

/** Runs a kernel, and compares every element of its targets with the lanes' closures. */
function check(kernel: MapKernel, pieces?: Pieces, tolerance = 0): void {
  const { sources, targets, shape, params } = kernel;
  const inputs = sources.map((source, k) => ({
    dtype: source.dtype,
    data: numbers(source.dtype, span(shape, source), k + 1),
  }));
  const outputs = targets.map((target) => ({ dtype: target.dtype, size: span(shape, target) }));
  const actual = runner.run(renderMap(kernel, { relaxed: false }), inputs, outputs, pieces);
  const closures = targets.map((target) => laneClosure(target.lane));
  everywhere(kernel, (elements) => {
    const values = Object.fromEntries(sources.map(({ name }, k) => [name, inputs[k]!.data[elements[k]!]!]));
    closures.forEach((closure, i) => {
      const expected = closure({ inputs: values, attrs: params });
      const got = actual[i]![elements[sources.length + i]!]!;
      const close = Object.is(got, expected) || Math.abs(got - expected) <= tolerance * Math.abs(expected);
      const where = `shape [${shape}], elements ${elements}, of ${JSON.stringify(values)}`;
      if (!close) assert.fail(`${got}, expected ${expected}: ${where}`);
    });
  });
}

interface Walk {
  readonly strides: readonly number[];
  readonly offset?: number;
}

/** A kernel of one lane over inputs "x", "y", … of one dtype. */
function kernelOf(
  node: Lane,
  dtype: DType,
  shape: readonly number[],
  walks: readonly Walk[],
  target: Walk = { strides: contiguous(shape) },
  params: MapKernel["params"] = {},
): MapKernel {
  const names = ["x", "y", "z"].slice(0, walks.length);
  const typed = typeLane(node, Object.fromEntries(names.map((name) => [name, dtype])), dtype);
  const sources = walks.map((walk, k) => ({ offset: 0, ...walk, name: names[k]!, dtype }));
  return {
    kind: "map",
    shape,
    sources,
    targets: [{ offset: 0, ...target, dtype: typed.dtype, lane: typed }],
    params,
  };
}

const [x, y] = [lane.input("x"), lane.input("y")];
/** What no dtype can do wrong unseen. */
const bodyOf = (dtype: DType): Lane => (dtype === "bool" ? lane.xor(x, y) : lane.sub(lane.mul(x, y), x));

const SHAPES = [
  ...[[], [1], [3], [4], [7], [37], [4100], [9001]],
  ...[
    [3, 5],
    [70, 9],
    [2, 3, 4, 5],
    [100, 1, 67],
    [5, 3],
    [2000, 3],
    [3, 140, 70],
  ],
];

for (const dtype of DTYPES) {
  test(`${dtype}: contiguous, broadcast, spread, transposed`, () => {
    const body = bodyOf(dtype);
    for (const shape of SHAPES) {
      const rows = contiguous(shape);
      const columns = contiguous(shape.toReversed()).reverse();
      const last = shape.map((_, i) => (i === shape.length - 1 ? 1 : 0));
      const still = shape.map(() => 0);
      const wide = rows.map((stride) => 3 * stride);
      for (const [first, second] of [
        [rows, rows],
        [rows, still],
        [last, rows],
        [wide, still],
        [columns, rows],
        [columns, last],
      ]) {
        check(
          kernelOf(body, dtype, shape, [
            { strides: first!, offset: 1 },
            { strides: second!, offset: 2 },
          ]),
        );
      }
      check(kernelOf(x, dtype, shape, [{ strides: columns }]));
      check(kernelOf(x, dtype, shape, [{ strides: rows }], { strides: columns }));
      check(
        kernelOf(body, dtype, shape, [{ strides: columns }, { strides: last }], { strides: wide, offset: 5 }),
      );
    }
  });

  test(`${dtype}: to every dtype`, () => {
    for (const to of DTYPES) check(kernelOf(lane.cast(x, to), dtype, [103], [{ strides: [1] }]));
  });
}

test("units in any order and in pieces", () => {
  const shape = [30, 40, 50];
  const across = [{ strides: [1, 1500, 30] }, { strides: [0, 0, 1] }];
  for (const grain of [1, 2, 5]) {
    for (const reversed of [false, true]) {
      check(kernelOf(bodyOf("float32"), "float32", shape, across), { grain, reversed });
      check(kernelOf(lane.neg(x), "float32", [20_000], [{ strides: [1] }]), { grain, reversed });
    }
  }
});

test("dimensions of size 0 are no work", () => {
  const rendered = renderMap(kernelOf(x, "float32", [3, 0], [{ strides: [0, 1] }]), { relaxed: false });
  assert.deepEqual(rendered, { routines: [], temporaries: [] });
});

test("several targets, one of them the array that is read", () => {
  const size = 1003;
  const data = numbers("float32", size);
  const gradient = numbers("float32", size, 5);
  const types = { m: "float32", g: "float32" } as const;
  const moment = typeLane(
    lane.add(lane.mul(lane.input("m"), lane.attr("decay")), lane.input("g")),
    types,
    "float32",
  );
  const access = { dtype: "float32", offset: 0, strides: [1] } as const;
  const step: TypedLane = { kind: "call", fn: "mul", dtype: "float32", args: [moment, moment] };
  const kernel: MapKernel = {
    kind: "map",
    shape: [size],
    sources: [{ ...access, name: "g" }],
    targets: [
      { ...access, lane: moment },
      { ...access, lane: step },
    ],
    params: { decay: 0.9 },
  };
  // Arrays are numbered: the source that is a target has that target's number.
  const rendered = renderMap(
    { ...kernel, sources: [...kernel.sources, { ...access, name: "m" }] },
    { relaxed: false },
  );
  const shared: Rendered = {
    ...rendered,
    routines: rendered.routines.map((routine) => ({
      ...routine,
      args: routine.args.map((arg) =>
        "array" in arg && arg.array > 0 ? { ...arg, array: Math.max(arg.array - 1, 1) } : arg,
      ),
    })),
  };
  const [m, squares] = runner.run(
    shared,
    [{ dtype: "float32", data: gradient }],
    [
      { dtype: "float32", size, data },
      { dtype: "float32", size },
    ],
  );
  const { fround } = Math;
  for (let i = 0; i < size; i++) {
    const expected = fround(fround(data[i]! * fround(0.9)) + gradient[i]!);
    assert.equal(m![i], expected);
    assert.equal(squares![i], fround(expected * expected));
  }
});

test("numbers, limits, attributes and choices of every dtype", () => {
  for (const dtype of DTYPES) {
    const walks = [{ strides: [1] }, { strides: [1] }];
    const params = { k: dtype === "bool" ? 1 : 3 };
    const choice = lane.select(lane.lt(x, y), lane.attr("k"), lane.max(x, y));
    check(kernelOf(choice, dtype, [203], walks, undefined, params));
    const bounds = lane.select(lane.ge(x, y), lane.lowest(), lane.highest());
    check(kernelOf(bounds, dtype, [203], walks));
    check(kernelOf(lane.select(lane.eq(x, y), 1, 0), dtype, [203], walks));
  }
});

test("every function of every dtype it is for", () => {
  const two = ["add", "sub", "mul", "min", "max", "lt", "le", "gt", "ge", "eq", "ne"] as const;
  const one = [
    "neg",
    "abs",
    "sign",
    "floor",
    "ceil",
    "round",
    "trunc",
    "isnan",
    "isinf",
    "isfinite",
  ] as const;
  const floats = ["sqrt", "erfinv", "lgamma", "digamma"] as const;
  const divisions = ["floordiv", "floormod", "truncdiv", "truncmod"] as const;
  const walks = [{ strides: [1] }, { strides: [1] }];
  for (const dtype of ["float32", "float64", "int32", "uint8"] as const) {
    const float = dtype === "float32" || dtype === "float64";
    for (const fn of two) check(kernelOf(lane[fn](x, y), dtype, [301], walks));
    for (const fn of one) check(kernelOf(lane[fn](x), dtype, [301], walks.slice(1)));
    for (const fn of divisions) check(kernelOf(lane[fn](x, lane.max(y, 1)), dtype, [301], walks));
    for (const fn of float ? floats : []) check(kernelOf(lane[fn](x), dtype, [301], walks.slice(1)));
    if (float) check(kernelOf(lane.div(x, y), dtype, [301], walks));
  }
  for (const dtype of ["float32", "float64", "int32"] as const) {
    check(kernelOf(lane.pow(x, 2), dtype, [301], walks.slice(1)));
  }
  for (const fn of ["and", "or", "xor"] as const) check(kernelOf(lane[fn](x, y), "bool", [301], walks));
  check(kernelOf(lane.not(x), "bool", [301], walks.slice(1)));
});

/** The values of a lane of "x" at some points. */
function values(node: Lane, dtype: DType, points: readonly number[]): number[] {
  const kernel = kernelOf(node, dtype, [points.length], [{ strides: [1] }]);
  const data = new (arrayConstructor(dtype))(points.length);
  data.set(points);
  const { dtype: to } = kernel.targets[0]!;
  const [out] = runner.run(
    renderMap(kernel, { relaxed: false }),
    [{ dtype, data }],
    [{ dtype: to, size: points.length }],
  );
  return [...out!];
}

test("floats become integers by truncation, modulo 2³²", () => {
  const points = [
    1.9,
    -1.9,
    2 ** 31,
    -(2 ** 31),
    2 ** 31 - 128,
    3e9,
    -3e9,
    2 ** 32 * 5,
    1e20,
    Infinity,
    Number.NaN,
  ];
  for (const dtype of ["float32", "float64"] as const) {
    assert.deepEqual(
      values(lane.cast(x, "int32"), dtype, points),
      points.map((point) => (dtype === "float32" ? Math.fround(point) : point) | 0),
    );
    assert.deepEqual(values(lane.cast(x, "uint8"), dtype, [255.9, 256, -1, 1e6]), [255, 0, 255, 64]);
    assert.deepEqual(values(lane.cast(x, "bool"), dtype, [0, -0, 1e-30, Number.NaN]), [0, 0, 1, 1]);
  }
});

test("minimum and maximum keep NaN, and know the zeros apart", () => {
  const points = [Number.NaN, 1, -0, 0, -Infinity];
  assert.deepEqual(values(lane.min(x, 0), "float32", points), [Number.NaN, 0, -0, 0, -Infinity]);
  assert.deepEqual(values(lane.max(x, -0), "float64", points), [Number.NaN, 1, -0, 0, -0]);
  assert.deepEqual(values(lane.sign(x), "float32", points), [Number.NaN, 1, -0, 0, -1]);
  assert.deepEqual(values(lane.round(x), "float64", [0.5, 1.5, -2.5]), [0, 2, -2]);
});

test("quotients and remainders of integers are those of JavaScript, by every kind of divisor", () => {
  const edges = [-(2 ** 31), 2 ** 31 - 1, -(2 ** 30), 0, 1, -1, 2, -2, 7, -7, 255, -256, 65536, -1e9];
  const dividends = {
    int32: [...edges, ...numbers("int32", 50).map((n) => n * 21001)],
    uint8: Array.from({ length: 256 }, (_, i) => i),
  };
  const divisors = {
    int32: [...edges.filter((n) => n !== 0), 3, -3, 5, 641, -46341],
    uint8: [1, 2, 3, 7, 128, 255],
  };
  for (const dtype of ["int32", "uint8"] as const) {
    for (const fn of ["floordiv", "floormod", "truncdiv", "truncmod"] as const) {
      for (const divisor of divisors[dtype]) {
        const points = dividends[dtype].map((n) => (dtype === "int32" ? n | 0 : n));
        const expected = points.map((n) => divided(fn, n, divisor));
        const where = `${dtype} ${fn} by ${divisor}`;
        assert.deepEqual(values(lane[fn](x, divisor), dtype, points), expected, where);
        // The same where the divisor is not known beforehand.
        const unknown = lane.add(lane.mul(x, 0), divisor);
        assert.deepEqual(values(lane[fn](x, unknown), dtype, points), expected, `${where}, unknown`);
      }
    }
  }
});

/** Of int32, exactly: JavaScript's integers are large enough. */
function divided(fn: "floordiv" | "floormod" | "truncdiv" | "truncmod", n: number, divisor: number): number {
  const [a, b] = [BigInt(n), BigInt(divisor)];
  const rest = a % b;
  const isBelow = rest !== 0n && rest < 0n !== b < 0n;
  if (fn === "truncmod") return Number(rest);
  if (fn === "floormod") return Number(isBelow ? rest + b : rest);
  return Number(BigInt.asIntN(32, a / b - (fn === "floordiv" && isBelow ? 1n : 0n)));
}

test("divisions by known numbers call nothing", () => {
  const imports = (node: Lane, dtype: DType): readonly string[] =>
    renderMap(kernelOf(node, dtype, [5], [{ strides: [1] }]), { relaxed: false }).routines[0]!.imports;
  assert.deepEqual(imports(lane.floordiv(x, 256), "int32"), []);
  assert.deepEqual(imports(lane.truncmod(x, -3), "int32"), []);
  assert.deepEqual(imports(lane.floordiv(x, 0), "int32"), ["floordivInt"]);
  // 256 is 0 as uint8.
  assert.deepEqual(imports(lane.floordiv(x, 256), "uint8"), ["floordivInt"]);
  assert.deepEqual(imports(lane.floordiv(7, x), "int32"), ["floordivInt"]);
  assert.throws(() => values(lane.floormod(x, 0), "int32", [1, 2, 3]), /division by zero/);
});

test("an integer divisor of zero is an error; what lies beyond the end is no divisor", () => {
  assert.deepEqual(values(lane.floordiv(7, x), "int32", [2, -2, 3, 7, -7]), [3, -4, 2, 1, -1]);
  assert.throws(() => values(lane.floordiv(7, x), "int32", [2, 0, 3]), /division by zero/);
});

/** Writes down the names of the instructions on vectors, in their order. */
function vectorInstructions(routine: Routine): string {
  const names: string[] = [];
  const module = new ModuleBuilder({ shared: false, maximumPages: 1 });
  module.function("f", ["i32", "i32", "i32", "i32"], [], (f) => {
    const watched = f as { -readonly [K in keyof FunctionBuilder]: FunctionBuilder[K] };
    for (const method of ["op", "memory", "memoryLane", "lane"] as const) {
      const write = f[method].bind(f) as (name: string, ...rest: number[]) => FunctionBuilder;
      watched[method] = (name: string, ...rest: number[]) => {
        if (/x\d|v128/.test(name)) names.push(name.replace("v128.", ""));
        return write(name, ...rest);
      };
    }
    routine.write(f);
  });
  const runs = names.reduce<[string, number][]>((all, name) => {
    const last = all.at(-1);
    if (last?.[0] === name) last[1]++;
    else all.push([name, 1]);
    return all;
  }, []);
  return runs.map(([name, count]) => (count === 1 ? name : `${count}×${name}`)).join(" ");
}

/** What a routine depends on, its units, its arguments, and its instructions on vectors. */
function snapshot(kernel: MapKernel): string[] {
  const [routine] = renderMap(kernel, { relaxed: false }).routines;
  const { key, args, units } = routine!;
  const words = args.map((arg) => ("array" in arg ? `${arg.array}+${arg.bytes}` : Object.values(arg)[0]));
  return [key, `${units} units of ${words.join(" ")}`, vectorInstructions(routine!)];
}

const repeated = (count: number, text: string): string => Array<string>(count).fill(text).join(" ");

test("one code for all sizes, strides, addresses and parameters", () => {
  const keyOf = (kernel: MapKernel): string => renderMap(kernel, { relaxed: false }).routines[0]!.key;
  const scaled = lane.mul(x, lane.attr("k"));
  const walks = [{ strides: [1] }];
  assert.equal(
    keyOf(kernelOf(scaled, "float32", [5], walks, undefined, { k: 1 })),
    keyOf(kernelOf(scaled, "float32", [9, 8, 7], [{ strides: [56, 7, 1], offset: 4 }], undefined, { k: 2 })),
  );
  const keys = [
    kernelOf(scaled, "float32", [5], walks, undefined, { k: 1 }),
    kernelOf(scaled, "float64", [5], walks, undefined, { k: 1 }),
    kernelOf(scaled, "float32", [5], [{ strides: [2] }], undefined, { k: 1 }),
    kernelOf(scaled, "float32", [5], [{ strides: [0] }], undefined, { k: 1 }),
    kernelOf(lane.mul(x, 2), "float32", [5], walks),
    kernelOf(lane.mul(x, 3), "float32", [5], walks),
    kernelOf(x, "float32", [40, 50], [{ strides: [1, 40] }]),
  ].map(keyOf);
  assert.equal(new Set(keys).size, keys.length);
});

test("what a sum becomes: two fours, fours, and the rest", () => {
  const sum = kernelOf(lane.add(x, y), "float32", [10_000], [{ strides: [1] }, { strides: [1], offset: 3 }]);
  const gather = "load32_zero 3×load32_lane";
  assert.deepEqual(snapshot(sum), [
    "map rows in 1 loops; x float32 next, y float32 next, → float32 next; add:float32(input x:float32, input y:float32)",
    "3 units of 0+0 1+12 2+0 10000 3344 3 4 4 4",
    `${repeated(3, "2×load f32x4.add store")} ${gather} ${gather} f32x4.add 3×store32_lane`,
  ]);
});

test("what a comparison by rows becomes: the row's number stays in a vector, truth is written in bytes", () => {
  const compare = kernelOf(lane.gt(x, y), "float64", [6, 100], [{ strides: [100, 1] }, { strides: [1, 0] }]);
  const bytes = "2×f64x2.gt i32x4.neg i16x8.narrow_i32x4_s i8x16.narrow_i16x8_u";
  const [key, args, instructions] = snapshot(compare);
  assert.equal(
    key,
    "map rows in 2 loops; x float64 next, y float64 stay, → bool next; gt:bool(input x:float64, input y:float64)",
  );
  assert.equal(args, "1 units of 0+0 1+0 2+0 6 6 1 800 8 100 100 100 1 8 0 1");
  assert.ok(
    instructions!.startsWith(`load64_splat ${repeated(3, `2×load ${bytes} store32_lane`)} load64_zero`),
  );
});

test("what a transposing copy becomes: blocks of four by four, then rests of rows, then rows", () => {
  const copy = kernelOf(x, "float32", [3, 100, 40], [{ strides: [4000, 1, 100] }]);
  const rest = "load32_zero 3×load32_lane 3×store32_lane";
  assert.deepEqual(snapshot(copy), [
    "map tiles in 3 loops; x float32 far next, → float32 next far; input x:float32",
    "6 units of 0+0 1+0 3 1 3 16000 16000 100 64 2 4 160 40 40 1 400 4",
    `4×load 4×store ${repeated(4, rest)} load32_zero 3×load32_lane store ${rest}`,
  ]);
});
