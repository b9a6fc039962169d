/**
 * @file Mathematical functions on vectors: float32 against float64 over all exponents, float64 against mpmath (vectorMath.json,
 * written by scripts/golden/make.py), and what happens at the edges.
 */
import assert from "node:assert/strict";
import test from "node:test";
import { wasmFeatures } from "../../src/backends/wasm/features.js";
import { renderMap } from "../../src/backends/wasm/map.js";
import { arrayConstructor, type TypedArray } from "../../src/core/dtype.js";
import { type LaneFunction, lane } from "../../src/ir/lane.js";
import { typeLane } from "../../src/ir/typedLane.js";
import { readGolden } from "../support/golden.js";
import { WasmRunner } from "../support/wasmRunner.js";

type Float = "float32" | "float64";

const { NaN: nan } = Number;
const inf = Infinity;
const runner = new WasmRunner();
const modes = wasmFeatures().relaxed ? [false, true] : [false];

/** A lane function of arrays, as vectors compute it. */
function apply(fn: LaneFunction, dtype: Float, relaxed: boolean, ...args: readonly TypedArray[]): TypedArray {
  const names = ["x", "y"].slice(0, args.length);
  const node = typeLane(lane[fn](...names.map(lane.input)), { x: dtype, y: dtype }, dtype);
  const access = { dtype, offset: 0, strides: [1] };
  const size = args[0]!.length;
  const rendered = renderMap(
    {
      kind: "map",
      shape: [size],
      sources: names.map((name) => ({ ...access, name })),
      targets: [{ ...access, lane: node }],
      params: {},
    },
    { relaxed },
  );
  assert.deepEqual(rendered.routines[0]!.imports, [], `${fn} is computed without JavaScript`);
  const [out] = runner.run(
    rendered,
    args.map((data) => ({ dtype, data })),
    [{ dtype, size }],
  );
  return out!;
}

const array = (dtype: Float, values: readonly number[]): TypedArray => {
  const out = new (arrayConstructor(dtype))(values.length);
  out.set(values);
  return out;
};

/** Bits after the leading one, and the exponent of the smallest normal number. */
const FORMAT = { float32: { bits: 23, least: -126 }, float64: { bits: 52, least: -1022 } };

/** The distance between neighbours of the dtype at a number. */
function ulp(x: number, dtype: Float): number {
  const { bits, least } = FORMAT[dtype];
  let exponent = Math.max(Math.floor(Math.log2(Math.abs(x))), least);
  // The logarithm rounds, so that it is one off just below powers of two.
  if (exponent > least && 2 ** exponent > Math.abs(x)) exponent--;
  return 2 ** (exponent - bits);
}

/** Compares with exact values: the largest error in units in the last place is below `allowed`. */
function assertClose(
  dtype: Float,
  points: readonly string[],
  actual: TypedArray,
  exact: readonly number[],
  allowed: number,
): void {
  exact.forEach((value, i) => {
    const rounded = dtype === "float32" ? Math.fround(value) : value;
    const got = actual[i]!;
    if (Object.is(got, rounded)) return;
    const error = Math.abs(got - value) / ulp(value, dtype);
    const message = `at ${points[i]}: ${got}, expected ${rounded} (${error.toFixed(2)} ulp)`;
    // Just below a power of two that is infinity, and just above zero, neighbours are one ulp apart too.
    assert.ok(error <= allowed, message);
  });
}

/** float32 values: every exponent and sign, with mantissas that have no pattern. */
function everyExponent(): Float32Array {
  const bits = new Int32Array(2 ** 16);
  for (let i = 0; i < bits.length; i++) bits[i] = Math.imul(i, 65537 * 5 + 2);
  bits.forEach((word, i) => {
    bits[i] = (i << 16) | (Math.imul(word, 2654435761) >>> 16);
  });
  return new Float32Array(bits.buffer);
}

/** Largest errors found, rounded up: see the comments of the functions. */
const FLOAT32: Partial<Record<LaneFunction, { exact: (x: number) => number; ulps: number }>> = {
  exp: { exact: Math.exp, ulps: 1.1 },
  expm1: { exact: Math.expm1, ulps: 1.5 },
  tanh: { exact: Math.tanh, ulps: 1.5 },
  log: { exact: Math.log, ulps: 1 },
  log1p: { exact: Math.log1p, ulps: 1.5 },
  sin: { exact: Math.sin, ulps: 1.5 },
  cos: { exact: Math.cos, ulps: 1.5 },
  tan: { exact: Math.tan, ulps: 0.51 },
  asin: { exact: Math.asin, ulps: 0.51 },
  acos: { exact: Math.acos, ulps: 0.51 },
  atan: { exact: Math.atan, ulps: 0.51 },
  sqrt: { exact: Math.sqrt, ulps: 0.5 },
  rsqrt: { exact: (x) => 1 / Math.sqrt(x), ulps: 1.5 },
  sinh: { exact: Math.sinh, ulps: 0.51 },
  cosh: { exact: Math.cosh, ulps: 0.51 },
  asinh: { exact: Math.asinh, ulps: 0.51 },
  acosh: { exact: Math.acosh, ulps: 0.51 },
  atanh: { exact: Math.atanh, ulps: 0.51 },
};

for (const relaxed of modes) {
  const mode = relaxed ? ", relaxed" : "";
  for (const [fn, { exact, ulps }] of Object.entries(FLOAT32)) {
    test(`float32 ${fn} over all exponents${mode}`, () => {
      const x = everyExponent();
      const actual = apply(fn as LaneFunction, "float32", relaxed, x);
      assertClose("float32", [...x].map(String), actual, [...x].map(exact), ulps);
    });
  }

  test(`float32 tanh, exp and expm1 where they bend${mode}`, () => {
    const x = Float32Array.from({ length: 40_000 }, (_, i) => -20 + i / 1000 + Math.SQRT2 / 9999);
    for (const fn of ["tanh", "exp", "expm1", "sin", "cos"] as const) {
      const { exact, ulps } = FLOAT32[fn]!;
      assertClose("float32", [...x].map(String), apply(fn, "float32", relaxed, x), [...x].map(exact), ulps);
    }
  });

  test(`float32 pow${mode}`, () => {
    const drawn = Array.from({ length: 2000 }, (_, i) => [
      Math.exp(40 * Math.sin(i)),
      2 * Math.sin(i * i),
    ]) as [number, number][];
    const [x, y] = pairs("float32", EDGES_OF_POWERS, drawn);
    const exact = [...x].map((base, i) => powerOf(base, y[i]!));
    const points = [...x].map((base, i) => `${base}^${y[i]}`);
    assertClose("float32", points, apply("pow", "float32", relaxed, x, y), exact, 0.51);
  });

  test(`float64 pow${mode}`, () => {
    const [x, y] = [0, 1].map((k) =>
      array(
        "float64",
        golden.powers.map((row) => Number(row[k])),
      ),
    );
    const exact = golden.powers.map(([, , value]) => Number(value));
    const points = golden.powers.map(([base, exponent]) => `${base}^${exponent}`);
    assertClose("float64", points, apply("pow", "float64", relaxed, x!, y!), exact, 1.5);
  });

  test(`float64 pow at zeros, infinities, NaN and below zero${mode}`, () => {
    const [x, y] = pairs("float64", EDGES_OF_POWERS);
    const exact = [...x].map((base, i) => powerOf(base, y[i]!));
    const points = [...x].map((base, i) => `${base}^${y[i]}`);
    assertClose("float64", points, apply("pow", "float64", relaxed, x, y), exact, 1.5);
  });
}

/** What powers treat on its own, and more. */
const EDGES_OF_POWERS = [
  0,
  -0,
  1,
  -1,
  2,
  -2,
  3,
  -3,
  0.5,
  -2.5,
  1e30,
  -1e30,
  1e-40,
  33,
  16777217,
  Infinity,
  -Infinity,
  Number.NaN,
];

/** Every pair of some numbers, and more pairs: their first and their second numbers. */
function pairs(
  dtype: Float,
  numbers: readonly number[],
  more: readonly (readonly [number, number])[] = [],
): [TypedArray, TypedArray] {
  const all = [...numbers.flatMap((first) => numbers.map((second) => [first, second] as const)), ...more];
  const side = (k: 0 | 1): TypedArray =>
    array(
      dtype,
      all.map((pair) => pair[k]),
    );
  return [side(0), side(1)];
}

/** As C, where JavaScript says NaN. */
function powerOf(base: number, exponent: number): number {
  if (base === 1 || (base === -1 && Math.abs(exponent) === Infinity)) return 1;
  return base ** exponent;
}

const golden = readGolden<{
  powers: [number | string, number | string, number | string][];
  float64: Record<string, [number | string, number | string][]>;
  float32: Record<"erf" | "erfc", [number, number][]>;
}>("vectorMath.json");

for (const relaxed of modes) {
  const mode = relaxed ? ", relaxed" : "";
  for (const [fn, rows] of Object.entries(golden.float64)) {
    test(`float64 ${fn}${mode}`, () => {
      const x = rows.map(([point]) => Number(point));
      const actual = apply(fn as LaneFunction, "float64", relaxed, array("float64", x));
      assertClose(
        "float64",
        x.map(String),
        actual,
        rows.map(([, value]) => Number(value)),
        4,
      );
    });
  }

  for (const [fn, rows] of Object.entries(golden.float32)) {
    test(`float32 ${fn}${mode}`, () => {
      const x = rows.map(([point]) => point);
      const actual = apply(fn as LaneFunction, "float32", relaxed, array("float32", x));
      assertClose(
        "float32",
        x.map(String),
        actual,
        rows.map(([, value]) => value),
        fn === "erf" ? 1.5 : 2,
      );
    });
  }
}

/** What functions give at 0, −0, ∞, −∞ and NaN. */
const EDGES: Partial<Record<LaneFunction, readonly number[]>> = {
  exp: [1, 1, inf, 0, nan],
  expm1: [0, -0, inf, -1, nan],
  tanh: [0, -0, 1, -1, nan],
  log: [-inf, -inf, inf, nan, nan],
  log1p: [0, -0, inf, nan, nan],
  erf: [0, -0, 1, -1, nan],
  sin: [0, -0, nan, nan, nan],
  cos: [1, 1, nan, nan, nan],
  tan: [0, -0, nan, nan, nan],
  erfc: [1, 1, 0, 2, nan],
  asin: [0, -0, nan, nan, nan],
  acos: [Math.PI / 2, Math.PI / 2, nan, nan, nan],
  atan: [0, -0, Math.PI / 2, -Math.PI / 2, nan],
  sinh: [0, -0, inf, -inf, nan],
  cosh: [1, 1, inf, inf, nan],
  asinh: [0, -0, inf, -inf, nan],
  acosh: [nan, nan, inf, nan, nan],
  atanh: [0, -0, nan, nan, nan],
};
const FLOAT32_EDGES: typeof EDGES = {
  rsqrt: [inf, -inf, 0, nan, nan],
  ...EDGES,
};

for (const [dtype, table] of Object.entries({ float32: FLOAT32_EDGES, float64: EDGES })) {
  for (const [fn, expected] of Object.entries(table)) {
    test(`${dtype} ${fn} at zeros, infinities and NaN`, () => {
      const x = array(dtype as Float, [0, -0, inf, -inf, nan]);
      for (const relaxed of modes) {
        const actual = apply(fn as LaneFunction, dtype as Float, relaxed, x);
        assert.deepEqual([...actual], [...array(dtype as Float, expected)]);
      }
    });
  }
}

/** Numbers of every size and sign, those at which functions of two numbers turn among them. */
const sizes = [0, 1, 2, 3, 0.5, 0.4142, 2.4143, 7.25, 1e-40, 1e30, 123456.789, 3e38];
const extremes = [5e-324, 1e-323, 2e-323, 1e-310, 1e-300, 1e200, 1.5e308, Number.MAX_VALUE, 2 ** 53 - 1];
const signed = (numbers: readonly number[]): number[] =>
  [...numbers, inf].flatMap((x) => [x, -x]).concat(nan);
const REMAINDERS = {
  truncmod: (a: number, b: number) => a % b,
  floormod: (a: number, b: number) => {
    const rest = a % b;
    return rest !== 0 && rest < 0 !== b < 0 ? rest + b : rest;
  },
};

for (const relaxed of modes) {
  const mode = relaxed ? ", relaxed" : "";
  for (const dtype of ["float32", "float64"] as const) {
    const numbers = signed(dtype === "float32" ? sizes : [...sizes, ...extremes]);
    test(`${dtype} atan2 in all directions${mode}`, () => {
      const [y, x] = pairs(dtype, numbers);
      const points = [...y].map((value, i) => `(${value}, ${x[i]})`);
      const exact = [...y].map((value, i) => Math.atan2(value, x[i]!));
      assertClose(dtype, points, apply("atan2", dtype, relaxed, y, x), exact, dtype === "float32" ? 0.51 : 3);
    });

    test(`${dtype} remainders are exact${mode}`, () => {
      const [a, b] = pairs(dtype, [...numbers, ...numbers.map((x) => x * 1.2345678901234567)]);
      const rounded = dtype === "float32" ? Math.fround : Number;
      for (const [fn, exact] of Object.entries(REMAINDERS)) {
        const actual = apply(fn as LaneFunction, dtype, relaxed, a, b);
        actual.forEach((value, i) => {
          const expected = rounded(exact(a[i]!, b[i]!));
          assert.ok(Object.is(value, expected), `${fn} ${a[i]}, ${b[i]}: ${value}, expected ${expected}`);
        });
      }
    });
  }
}

test("overflow and underflow, by the smallest and largest numbers", () => {
  const exp32 = apply(
    "exp",
    "float32",
    false,
    array("float32", [88.72283, 88.72284, -103.97207, -103.97209, -87.5]),
  );
  assert.ok(exp32[0]! < inf);
  assert.deepEqual([exp32[1], exp32[2], exp32[3]], [inf, 2 ** -149, 0]);
  assert.ok(exp32[4]! > 0 && exp32[4]! < 2 ** -126, "a denormal number");
  const exp64 = apply("exp", "float64", false, array("float64", [709.78, 709.79, -745.13, -745.14]));
  assert.deepEqual([exp64[0]! < inf, ...exp64.subarray(1)], [true, inf, 2 ** -1074, 0]);
  const tiny = [2 ** -149, -(2 ** -149), 2 ** -130];
  for (const fn of ["expm1", "tanh", "log1p", "sin", "tan", "sinh", "asinh", "atanh"] as const) {
    assert.deepEqual([...apply(fn, "float32", false, array("float32", tiny))], tiny, fn);
  }
  assert.deepEqual([...apply("log1p", "float32", false, array("float32", [-1, -1.5]))], [-inf, nan]);
  assert.deepEqual(
    [...apply("log", "float32", false, array("float32", [-1, 1, 2 ** -149]))],
    [nan, 0, Math.fround(-149 * Math.LN2)],
  );
});
