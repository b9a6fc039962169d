/**
 * @file Conversions between dtypes, masks among them, four elements at a time. As JavaScript: float to integer truncates and wraps.
 */
import type { DType } from "../../ir/dtype.js";
import type { FunctionBuilder, Local } from "./assembler.js";
import { type Four, secondHalf } from "./fours.js";
import { VectorWriter } from "./vectors.js";

const FIRST_HALVES = [0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23];
const EVEN_WORDS = [0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27];
const TWO_TO_32 = 2 ** 32;

/** Integer lanes of what is no float: 0 and 1 for bool. */
function asInteger(v: VectorWriter, dtype: DType, x: Local): Local {
  return dtype === "bool" ? v.op("i32x4.neg", x) : x;
}

/** Puts the first halves of two vectors side by side. */
const joinHalves = (v: VectorWriter, parts: Four): Local => v.shuffle(parts[0]!, parts[1]!, FIRST_HALVES);

/** A mask of 64-bit lanes as one of 32-bit lanes. */
export const narrowMask = (v: VectorWriter, parts: Four): Four => [
  v.shuffle(parts[0]!, parts[1]!, EVEN_WORDS),
];

/** A mask of 32-bit lanes as two of 64-bit lanes. */
const widenMask = (v: VectorWriter, mask: Local): Four => [
  v.op("i64x2.extend_low_i32x4_s", mask),
  v.op("i64x2.extend_high_i32x4_s", mask),
];

/** float32 to float64: two vectors. */
export const promote = (v: VectorWriter, x: Local): Four => [
  v.op("f64x2.promote_low_f32x4", x),
  v.op("f64x2.promote_low_f32x4", secondHalf(v.f, x)),
];

/** float64 to float32: one vector. */
export const demote = (v: VectorWriter, parts: Four): Local =>
  joinHalves(
    v,
    parts.map((part) => v.op("f32x4.demote_f64x2_zero", part)),
  );

/** float32 to int32, modulo 2³²; what is not finite becomes 0. */
function wrapFloat32(v: VectorWriter, x: Local): Local {
  const whole = v.call("trunc", x);
  const turns = v.call("nearest", v.mul(whole, 1 / TWO_TO_32));
  const rest = v.sub(whole, v.mul(turns, TWO_TO_32));
  const integer = v.op("i32x4.trunc_sat_f32x4_s", rest);
  // Half a turn is the one rest that an int32 does not hold: it saturates to 2³¹ − 1, which no float32 is.
  return v.op("i32x4.sub", integer, v.eq(rest, TWO_TO_32 / 2));
}

/** float64 to int32, modulo 2³². */
function wrapFloat64(v: VectorWriter, parts: Four): Local {
  const integers = parts.map((x) => {
    const whole = v.call("trunc", x);
    const turns = v.call("floor", v.mul(whole, 1 / TWO_TO_32));
    return v.op("i32x4.trunc_sat_f64x2_u_zero", v.sub(whole, v.mul(turns, TWO_TO_32)));
  });
  return joinHalves(v, integers);
}

/** Converts four elements. */
export function castFour(f: FunctionBuilder, from: DType, to: DType, x: Four): Four {
  if (from === to) return x;
  const single = new VectorWriter(f, "f32x4", false);
  const double = single.as("f64x2");
  switch (to) {
    case "bool":
      return testFour(f, from, x);
    case "float64":
      return toFloat64(single, from, x);
    case "float32":
      if (from === "float64") return [demote(single, x)];
      if (from === "bool") return [single.and(x[0]!, 1)];
      return [single.op("f32x4.convert_i32x4_s", x[0]!)];
    default: {
      const wide =
        from === "float64"
          ? wrapFloat64(double, x)
          : from === "float32"
            ? wrapFloat32(single, x[0]!)
            : asInteger(single, from, x[0]!);
      return to === "uint8" && from !== "bool" ? [single.and(wide, single.bits(255n))] : [wide];
    }
  }
}

function toFloat64(v: VectorWriter, from: DType, x: Four): Four {
  if (from === "float32") return promote(v, x[0]!);
  const integer = asInteger(v, from, x[0]!);
  return [
    v.op("f64x2.convert_low_i32x4_s", integer),
    v.op("f64x2.convert_low_i32x4_s", secondHalf(v.f, integer)),
  ];
}

/** Whether elements are not zero. NaN is not. */
function testFour(f: FunctionBuilder, from: DType, x: Four): Four {
  const v = new VectorWriter(f, from === "float64" ? "f64x2" : "f32x4", false);
  if (from === "bool") return x;
  if (from === "float64") {
    return narrowMask(
      v,
      x.map((part) => v.call("ne", part, 0)),
    );
  }
  return [from === "float32" ? v.call("ne", x[0]!, 0) : v.op("i32x4.ne", x[0]!, v.bits(0n))];
}

/** `yes` where the condition holds, `no` elsewhere. */
export function selectFour(f: FunctionBuilder, dtype: DType, condition: Four, yes: Four, no: Four): Four {
  const v = new VectorWriter(f, "f32x4", false);
  const masks = dtype === "float64" ? widenMask(v, condition[0]!) : condition;
  return masks.map((mask, i) => v.select(mask, yes[i]!, no[i]!));
}
