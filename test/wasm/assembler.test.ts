/** @file The assembler: what it writes is valid, and does what the instructions' names say. */
import assert from "node:assert/strict";
import test from "node:test";
import {
  type FunctionBuilder,
  type Local,
  ModuleBuilder,
  type ValueType,
} from "../../src/backends/wasm/assembler.js";
import { OPCODES } from "../../src/backends/wasm/opcodes.js";

type Numbers = (...x: (number | bigint)[]) => number | bigint;

const newModule = () => new ModuleBuilder({ shared: false, maximumPages: 1 });

function instantiate(module: ModuleBuilder, imports: Record<string, Numbers> = {}) {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 1 });
  const env = { memory, ...imports };
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(module.bytes()), { env });
  return { memory, exports: exports as Record<string, Numbers> };
}

/** The function whose body `write` writes. */
function compile(
  parameters: readonly ValueType[],
  results: readonly ValueType[],
  write: (f: FunctionBuilder, parameters: readonly Local[]) => void,
): Numbers {
  const module = newModule();
  module.function("f", parameters, results, (f) => write(f, f.parameters));
  return instantiate(module).exports["f"]!;
}

test("constants of every length come back", () => {
  for (const value of [0, 1, -1, 63, 64, -64, -65, 127, 128, 8191, 8192, -8193, 2 ** 31 - 1, -(2 ** 31)]) {
    assert.equal(compile([], ["i32"], (f) => f.i32(value))(), value);
    assert.equal(compile([], ["f64"], (f) => f.f64(value + 0.5))(), value + 0.5);
    assert.equal(compile([], ["f32"], (f) => f.f32(value))(), Math.fround(value));
  }
  for (const value of [0n, -1n, 63n, 64n, 2n ** 32n, 2n ** 63n - 1n, -(2n ** 63n)]) {
    assert.equal(compile([], ["i64"], (f) => f.i64(value))(), value);
  }
  assert.equal(compile([], ["i64"], (f) => f.i64(2n ** 64n - 1n))(), -1n, "unsigned is taken as signed");
});

test("more than 127 locals, each its own", () => {
  const sum = compile([], ["i32"], (f) => {
    const locals = Array.from({ length: 300 }, () => f.local("i32"));
    locals.forEach((local, i) => {
      f.i32(i).set(local);
    });
    f.i32(0);
    for (const local of locals) f.get(local).op("i32.add");
  });
  assert.equal(sum(), (300 * 299) / 2);
});

test("loops, blocks and branches nest", () => {
  const triangle = compile(["i32"], ["i32"], (f, [n]) => {
    const [i, j, count] = [f.local("i32"), f.local("i32"), f.local("i32")];
    f.countTo(i, n!, 1, () => {
      f.i32(0).set(j);
      f.block((enough) => {
        f.loop((again) => {
          f.get(j).get(i).op("i32.ge_s").branchIf(enough);
          f.get(count).i32(1).op("i32.add").set(count);
          f.get(j).i32(1).op("i32.add").set(j).branch(again);
        });
      });
    });
    f.get(count);
  });
  assert.deepEqual(
    [0, 1, 2, 10].map((n) => triangle(n)),
    [0, 0, 1, 45],
  );
});

test("if has two ways", () => {
  const choose = compile(["i32"], ["i32"], (f, [x]) => {
    const result = f.local("i32");
    f.get(x!).if(
      () => f.i32(7).set(result),
      () => f.i32(9).set(result),
    );
    f.get(result);
  });
  assert.deepEqual([choose(1), choose(0)], [7, 9]);
});

test("what is hoisted is set once, before everything, by its key", () => {
  const { exports } = (() => {
    const module = newModule();
    const next = module.import("env", "next", [], ["f64"]);
    module.function("f", [], ["f64"], (f) => {
      const i = f.local("i32");
      const end = f.hoist("end", "i32", () => f.i32(5));
      const sum = f.local("f64");
      f.countTo(i, end, 1, () => {
        const once = f.hoist("next", "f64", () => f.call(next));
        f.get(sum).get(once).op("f64.add").set(sum);
        assert.equal(
          f.hoist("next", "f64", () => assert.fail("a second time")),
          once,
        );
      });
      f.get(sum);
    });
    let calls = 0;
    return instantiate(module, { next: () => ++calls });
  })();
  assert.equal(exports["f"]!(), 5);
  assert.equal(exports["f"]!(), 10);
});

test("functions: imported, shared, several results", () => {
  const module = newModule();
  const triple = module.import("env", "triple", ["f64"], ["f64"]);
  assert.equal(module.import("env", "triple", ["f64"], ["f64"]).index, triple.index);
  const swap = (f: FunctionBuilder) =>
    f.module.shared("swap", ["f64", "f64"], ["f64", "f64"], (g) =>
      g.get(g.parameters[1]!).get(g.parameters[0]!),
    );
  for (const name of ["f", "g"]) {
    module.function(name, ["f64", "f64"], ["f64"], (f) => {
      f.get(f.parameters[0]!).get(f.parameters[1]!).call(swap(f)).op("f64.sub").call(triple);
    });
  }
  const { exports } = instantiate(module, { triple: (x) => 3 * Number(x) });
  assert.deepEqual([exports["f"]!(1, 5), exports["g"]!(5, 1)], [12, -12]);
  assert.throws(() => module.import("env", "late", [], []), /late is imported after a function/);
});

test("a name that is no instruction, or takes something else, is refused", () => {
  const f = new FunctionBuilderProbe();
  assert.throws(() => f.builder.op("f32x4.addd"), /no instruction f32x4.addd/);
  assert.throws(() => f.builder.op("v128.load"), /no instruction v128.load with nothing/);
  assert.throws(() => f.builder.memory("f32x4.add"), /with memory/);
});

class FunctionBuilderProbe {
  readonly builder: FunctionBuilder;
  constructor() {
    let builder: FunctionBuilder | undefined;
    newModule().function(null, [], [], (f) => {
      builder = f;
    });
    this.builder = builder!;
  }
}

/** Runs an instruction on two vectors of four (or two) numbers. */
function onVectors(
  name: string,
  Numbers: Float32ArrayConstructor | Float64ArrayConstructor | Int32ArrayConstructor,
  operands: readonly (readonly number[])[],
  Results: typeof Numbers = Numbers,
): number[] {
  const module = newModule();
  module.function("f", [], [], (f) => {
    f.i32(64);
    operands.forEach((_, i) => {
      f.i32(16 * i).memory("v128.load");
    });
    f.op(name).memory("v128.store");
  });
  const { memory, exports } = instantiate(module);
  operands.forEach((operand, i) => {
    new Numbers(memory.buffer, 16 * i, operand.length).set(operand);
  });
  exports["f"]!();
  return [...new Results(memory.buffer, 64, 16 / Results.BYTES_PER_ELEMENT)];
}

const X = [1.5, -2.5, 7, -0.25];
const Y = [2, -2.5, 0.5, 3];
const BINARY: Record<string, (a: number, b: number) => number> = {
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  div: (a, b) => a / b,
  min: Math.min,
  max: Math.max,
  pmin: (a, b) => (b < a ? b : a),
  pmax: (a, b) => (a < b ? b : a),
};
const UNARY: Record<string, (a: number) => number> = {
  abs: Math.abs,
  neg: (a) => -a,
  ceil: Math.ceil,
  floor: Math.floor,
  trunc: Math.trunc,
  sqrt: Math.sqrt,
};
const ORDER: Record<string, (a: number, b: number) => boolean> = {
  eq: (a, b) => a === b,
  ne: (a, b) => a !== b,
  lt: (a, b) => a < b,
  gt: (a, b) => a > b,
  le: (a, b) => a <= b,
  ge: (a, b) => a >= b,
};

for (const [type, Numbers, size] of [
  ["f32x4", Float32Array, 4],
  ["f64x2", Float64Array, 2],
] as const) {
  const [x, y] = [X.slice(0, size), Y.slice(0, size)];
  test(`${type}: arithmetic and order`, () => {
    const rounded = (values: number[]): number[] => [...new Numbers(values)];
    for (const [name, fn] of Object.entries(BINARY)) {
      assert.deepEqual(
        onVectors(`${type}.${name}`, Numbers, [x, y]),
        rounded(x.map((a, i) => fn(a, y[i]!))),
        name,
      );
    }
    for (const [name, fn] of Object.entries(UNARY)) {
      assert.deepEqual(onVectors(`${type}.${name}`, Numbers, [x]), rounded(x.map(fn)), name);
    }
    for (const [name, fn] of Object.entries(ORDER)) {
      const words = onVectors(`${type}.${name}`, Numbers, [x, y], Int32Array);
      const expected = x.flatMap((a, i) => Array<number>(4 / size).fill(fn(a, y[i]!) ? -1 : 0));
      assert.deepEqual(words, expected, name);
    }
  });
}

test("nearest: halves to even", () => {
  assert.deepEqual(onVectors("f32x4.nearest", Float32Array, [[0.5, 1.5, 2.5, -2.5]]), [0, 2, 2, -2]);
  assert.deepEqual(onVectors("f64x2.nearest", Float64Array, [[3.5, -0.5]]), [4, -0]);
});

test("i32x4: arithmetic, order and shifts", () => {
  const [a, b] = [
    [7, -3, 2 ** 31 - 1, 0],
    [2, 5, 3, -1],
  ];
  const integer: Record<string, (p: number, q: number) => number> = {
    add: (p, q) => (p + q) | 0,
    sub: (p, q) => (p - q) | 0,
    mul: Math.imul,
    min_s: Math.min,
    max_s: Math.max,
    max_u: (p, q) => Math.max(p >>> 0, q >>> 0) | 0,
    lt_s: (p, q) => (p < q ? -1 : 0),
    ge_s: (p, q) => (p >= q ? -1 : 0),
    gt_u: (p, q) => (p >>> 0 > q >>> 0 ? -1 : 0),
  };
  for (const [name, fn] of Object.entries(integer)) {
    assert.deepEqual(
      onVectors(`i32x4.${name}`, Int32Array, [a!, b!]),
      a!.map((p, i) => fn(p, b![i]!)),
      name,
    );
  }
  assert.deepEqual(onVectors("i32x4.abs", Int32Array, [b!]), [2, 5, 3, 1]);
});

test("conversions between vectors", () => {
  assert.deepEqual(
    onVectors("i32x4.trunc_sat_f32x4_s", Float32Array, [[1.9, -1.9, 3e9, Number.NaN]], Int32Array),
    [...[1, -1, 2 ** 31 - 1, 0]],
  );
  assert.deepEqual(onVectors("f32x4.convert_i32x4_s", Int32Array, [[1, -2, 2 ** 24, 0]], Float32Array), [
    ...[1, -2, 2 ** 24, 0],
  ]);
  assert.deepEqual(onVectors("f64x2.promote_low_f32x4", Float32Array, [X], Float64Array), X.slice(0, 2));
  assert.deepEqual(
    onVectors("f32x4.demote_f64x2_zero", Float64Array, [X.slice(2)], Float32Array),
    [7, -0.25, 0, 0],
  );
  assert.deepEqual(
    onVectors("f64x2.convert_low_i32x4_s", Int32Array, [[3, -4, 9, 9]], Float64Array),
    [3, -4],
  );
  assert.deepEqual(onVectors("i32x4.trunc_sat_f64x2_u_zero", Float64Array, [[2 ** 32 - 2, -5]], Int32Array), [
    ...[-2, 0, 0, 0],
  ]);
});

test("lanes in memory and in vectors", () => {
  const module = newModule();
  module.function("f", [], ["f32"], (f) => {
    const v = f.local("v128");
    f.i32(4).i32(0).memory("v128.load32_splat").memoryLane("v128.load32_lane", 2, 4).set(v);
    f.i32(32).get(v).memoryLane("v128.store32_lane", 2, 8);
    f.i32(48).get(v).f32(9).lane("f32x4.replace_lane", 1).get(v);
    f.shuffle([4, 5, 6, 7, 16, 17, 18, 19, 24, 25, 26, 27, 12, 13, 14, 15]).memory("v128.store");
    f.get(v).lane("f32x4.extract_lane", 2);
  });
  const { memory, exports } = instantiate(module);
  const floats = new Float32Array(memory.buffer);
  floats.set([1, 2, 3]);
  assert.equal(exports["f"]!(), 3);
  assert.equal(floats[10], 3);
  assert.deepEqual([...floats.subarray(12, 16)], [9, 1, 3, 1]);
});

test("every instruction of the table has its own code", () => {
  const codes = [...OPCODES.values()].map(({ prefix, code }) => `${prefix} ${code}`);
  assert.equal(new Set(codes).size, codes.length);
  assert.ok(OPCODES.size > 250);
});
