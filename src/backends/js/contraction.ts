/**
 * @file Contractions in JavaScript: loops over batch, m and n around a dot product along k.
 */
import { arrayConstructor, type TypedArray } from "../../core/dtype.js";
import type { Attrs, ContractionLoop, ContractionOp } from "../../core/op.js";
import { Tensor } from "../../core/tensor.js";

interface Positions {
  readonly a: Int32Array;
  readonly b: Int32Array;
  readonly out: Int32Array;
}

/** Offsets of every combination of some loops' indices, in row-major order. */
function positions(loops: readonly ContractionLoop[]): Positions {
  const count = loops.reduce((n, loop) => n * loop.size, 1);
  const a = new Int32Array(count);
  const b = new Int32Array(count);
  const out = new Int32Array(count);
  let inner = 1;
  for (const loop of [...loops].reverse()) {
    for (let i = 0; i < count; i++) {
      const index = Math.floor(i / inner) % loop.size;
      a[i]! += index * loop.a;
      b[i]! += index * loop.b;
      out[i]! += index * loop.out;
    }
    inner *= loop.size;
  }
  return { a, b, out };
}

/** One row of outputs: every n for one (batch, m). Sums are kept in float64 and rounded once. */
function row(
  out: TypedArray,
  a: TypedArray,
  b: TypedArray,
  base: { a: number; b: number; out: number },
  n: Positions,
  k: Positions,
  integer: boolean,
): void {
  const length = k.a.length;
  for (let j = 0; j < n.b.length; j++) {
    const p = base.a + n.a[j]!;
    const q = base.b + n.b[j]!;
    let sum = 0;
    if (integer) for (let i = 0; i < length; i++) sum = (sum + Math.imul(a[p + k.a[i]!]!, b[q + k.b[i]!]!)) | 0;
    else for (let i = 0; i < length; i++) sum += a[p + k.a[i]!]! * b[q + k.b[i]!]!;
    out[base.out + n.out[j]!] = sum;
  }
}

/** The runner of a contraction. */
export function bindContraction(op: ContractionOp): (inputs: Tensor[], attrs: Attrs) => Tensor {
  return (inputs, attrs) => {
    const specs = inputs.map((input) => input.spec);
    const spec = op.infer(specs, attrs)[0]!;
    const loops = op.loops(specs, attrs);
    const of = (...roles: string[]): Positions => positions(loops.filter((loop) => roles.includes(loop.role)));
    const [outer, n, k] = [of("batch", "m"), of("n"), of("k")];
    const out = new (arrayConstructor(spec.dtype))(spec.size);
    const integer = spec.dtype === "int32" || spec.dtype === "uint8";
    for (let i = 0; i < outer.a.length; i++) {
      const base = { a: outer.a[i]!, b: outer.b[i]!, out: outer.out[i]! };
      row(out, inputs[0]!.storage, inputs[1]!.storage, base, n, k, integer);
    }
    return new Tensor(out, spec);
  };
}
