/**
 * @file Straight-line arithmetic on vectors, written as calls on locals: what lanes and the mathematics of vectors are made of.
 */
import type { FunctionBuilder, Local } from "./assembler.js";

/** A vector in a local, or a number that all its elements are: constants are set once, at the function's beginning. */
export type Vector = Local | number;

/** Writes arithmetic on vectors of one float type; every call gives a new local. */
export class VectorWriter {
  /** The integers of the same width. */
  readonly integer: "i32x4" | "i64x2";
  readonly #squares = new Map<number, Local>();

  constructor(
    readonly f: FunctionBuilder,
    readonly float: "f32x4" | "f64x2",
    /** Whether a product and a sum may be one instruction, rounded once. */
    readonly relaxed: boolean,
  ) {
    this.integer = float === "f32x4" ? "i32x4" : "i64x2";
  }

  /** The same for the other float type. */
  as(float: "f32x4" | "f64x2"): VectorWriter {
    return new VectorWriter(this.f, float, this.relaxed);
  }

  /** A constant vector of floats. */
  constant(value: number): Local {
    const name = Object.is(value, -0) ? "-0" : String(value);
    return this.f.hoist(`${this.float} ${name}`, "v128", () =>
      this.float === "f32x4" ? this.f.f32x4(value) : this.f.f64x2(value),
    );
  }

  /** A constant vector of integers as wide as the floats. */
  bits(value: bigint): Local {
    return this.f.hoist(`${this.integer} ${value}`, "v128", () =>
      this.integer === "i32x4" ? this.f.i32x4(Number(value)) : this.f.i64x2(value),
    );
  }

  /** Any instruction from vectors to a vector. */
  op(name: string, ...operands: readonly Vector[]): Local {
    for (const x of operands) this.f.get(typeof x === "number" ? this.constant(x) : x);
    const result = this.f.local("v128");
    this.f.op(name).set(result);
    return result;
  }

  /** An instruction of the float type: `call("sqrt", x)`. */
  call(name: string, ...operands: readonly Vector[]): Local {
    return this.op(`${this.float}.${name}`, ...operands);
  }

  add = (a: Vector, b: Vector): Local => this.call("add", a, b);
  sub = (a: Vector, b: Vector): Local => this.call("sub", a, b);
  mul = (a: Vector, b: Vector): Local => this.call("mul", a, b);
  div = (a: Vector, b: Vector): Local => this.call("div", a, b);
  lt = (a: Vector, b: Vector): Local => this.call("lt", a, b);
  gt = (a: Vector, b: Vector): Local => this.call("gt", a, b);
  eq = (a: Vector, b: Vector): Local => this.call("eq", a, b);
  and = (a: Vector, b: Vector): Local => this.op("v128.and", a, b);
  or = (a: Vector, b: Vector): Local => this.op("v128.or", a, b);
  xor = (a: Vector, b: Vector): Local => this.op("v128.xor", a, b);

  /** The smaller, or the first where one is NaN. One instruction, where WebAssembly's own min takes several. */
  least = (a: Vector, b: Vector): Local => this.call("pmin", a, b);
  /** The larger, or the first where one is NaN. */
  most = (a: Vector, b: Vector): Local => this.call("pmax", a, b);

  /** `a·b + c`, rounded once or twice. */
  madd(a: Vector, b: Vector, c: Vector): Local {
    return this.relaxed ? this.call("relaxed_madd", a, b, c) : this.add(this.mul(a, b), c);
  }

  /** `c − a·b`, rounded once or twice. */
  nmadd(a: Vector, b: Vector, c: Vector): Local {
    return this.relaxed ? this.call("relaxed_nmadd", a, b, c) : this.sub(c, this.mul(a, b));
  }

  /** `yes` where the mask's bits are set, `no` elsewhere. */
  select(mask: Local, yes: Vector, no: Vector): Local {
    return this.op("v128.bitselect", yes, no, mask);
  }

  /** x², computed once per writer: between, x must not be set again. */
  square(x: Local): Local {
    const known = this.#squares.get(x.index);
    if (known !== undefined) return known;
    const square = this.mul(x, x);
    this.#squares.set(x.index, square);
    return square;
  }

  /** `c₀ + c₁x + c₂x² + …`, neighbours in pairs (Estrin's scheme): the processor does at once what does not wait. */
  polynomial(x: Local, coefficients: readonly Vector[]): Local {
    if (coefficients.length === 2) return this.madd(coefficients[1]!, x, coefficients[0]!);
    const pairs: Vector[] = [];
    for (let i = 0; i < coefficients.length; i += 2) {
      const [even, odd] = coefficients.slice(i, i + 2);
      pairs.push(odd === undefined ? even! : this.madd(odd, x, even!));
    }
    return this.polynomial(this.square(x), pairs);
  }

  /** Shifts every integer to the left. */
  shiftLeft(x: Local, count: number): Local {
    return this.#shift("shl", x, count);
  }

  /** Shifts every integer to the right; what comes in are zeros. */
  shiftRight(x: Local, count: number): Local {
    return this.#shift("shr_u", x, count);
  }

  /** Shifts every integer to the right; what comes in are copies of its sign. */
  shiftRightSigned(x: Local, count: number): Local {
    return this.#shift("shr_s", x, count);
  }

  #shift(name: string, x: Local, count: number): Local {
    const result = this.f.local("v128");
    this.f.get(x).i32(count).op(`${this.integer}.${name}`).set(result);
    return result;
  }

  /** Elements of two vectors in a new order: `order` counts bytes, as the instruction does. */
  shuffle(a: Local, b: Local, order: readonly number[]): Local {
    const result = this.f.local("v128");
    this.f.get(a).get(b).shuffle(order).set(result);
    return result;
  }

  magnitude = (x: Local): Local => this.call("abs", x);
  signBit = (x: Local): Local => this.and(x, -0);
}
