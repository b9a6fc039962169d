/**
 * @file The complementary error function on vectors, precise where it is small: 1 − x − x·P(x²) where |x| is small, and beyond a tail
 * made of e^(−x²) and of Q(y), which is skipped where no element is there. y is 1 / (x + k), scaled to −1 … 1, and Q a minimax
 * (Remez) fit of small relative error.
 */
import type { Local } from "./assembler.js";
import { demote, promote } from "./laneCasts.js";
import { erfQuotient } from "./vectorMathErf.js";
import { expMinusSquare, expNearFloat32 } from "./vectorMathExp.js";
import type { VectorWriter } from "./vectors.js";

interface Tail {
  /** From here on the tail is the more precise of the two. */
  readonly begin: number;
  readonly k: number;
  /** y = scale / (x + k) + shift. */
  readonly scale: number;
  readonly shift: number;
  readonly fit: readonly number[];
  /** From here on, erfc is 0 to the last bit. */
  readonly end: number;
}

/** Q = (x + k)·e^(x²)·erfc x, its error below 2⁻²⁸. */
const FLOAT32_TAIL: Tail = {
  begin: 0.8,
  k: 1.75,
  scale: 6.476190476190476,
  shift: -1.5396825396825398,
  fit: [
    0.9005965151718537, 0.29502757397195256, 0.053621250500926664, -7.897202438988742e-5, -0.002009935018515039,
    -5.122349492273224e-5, 0.00010911973878030735, -1.6522132488264962e-6, -6.178438669684321e-6,
  ],
  end: 10.25,
};

/** Q = (2x + 1)·e^(x²)·erfc x, its error below 2⁻⁵⁶: nearly constant, so that y's own error does not matter. */
const FLOAT64_TAIL: Tail = {
  begin: 1,
  k: 3,
  scale: 9.216730038022813,
  shift: -1.3041825095057034,
  fit: [
    1.2318356540480626, 0.09282647184807337, -0.0012634516709854585, -0.019752724260468493, -0.013553730506828031,
    -0.005646540895606645, -0.0015316482562116574, -0.00020555563812740636, 2.5526314495054696e-5,
    1.649107502940602e-5, 1.2401048665407948e-6, -8.889118043760235e-7, -1.7701930054803138e-7,
    5.074597606898803e-8, 1.6005781353048243e-8, -3.5794160172756663e-9, -1.2929556779309068e-9,
    3.0025167833336317e-10, 7.654840829751137e-11, -1.9959163404608175e-11,
  ],
  end: 27.3,
};

/** The tail of float32, in float64: what the square and the quotient would lose in float32 is too much. */
function tail32(v: VectorWriter, x: Local): Local {
  const { k, scale, shift, fit, end } = FLOAT32_TAIL;
  const parts = promote(v, v.least(x, end)).map((part) => {
    const wide = v.as("f64x2");
    const t = wide.div(1, wide.add(part, k));
    const quotient = wide.mul(t, wide.polynomial(wide.madd(t, scale, shift), fit));
    return wide.mul(quotient, expNearFloat32(wide, wide.call("neg", wide.square(part))));
  });
  return demote(v, parts);
}

function tail64(v: VectorWriter, x: Local): Local {
  const { k, scale, shift, fit, end } = FLOAT64_TAIL;
  const a = v.least(x, end);
  const y = v.madd(v.div(1, v.add(a, k)), scale, shift);
  const rest = v.mul(y, v.polynomial(y, fit.slice(1)));
  return v.div(expMinusSquare(v, a, fit[0]!, rest), v.add(v.add(a, a), 1));
}

/** erfc x. Largest errors found: ?? */
export function erfc(v: VectorWriter, x: Local): Local {
  const { f } = v;
  const { begin } = v.float === "f32x4" ? FLOAT32_TAIL : FLOAT64_TAIL;
  const a = v.magnitude(x);
  const result = v.nmadd(x, erfQuotient(v, v.square(a)), v.sub(1, x));
  const central = v.lt(a, begin);
  f.get(central).op("i32x4.all_true").op("i32.eqz");
  f.if(() => {
    // A writer of its own: what is computed here once may not be computed at all.
    const inner = v.as(v.float);
    const tail = v.float === "f32x4" ? tail32(inner, a) : tail64(inner, a);
    const outer = inner.select(inner.lt(x, 0), inner.sub(2, tail), tail);
    f.get(inner.select(central, result, outer)).set(result);
  });
  return result;
}
