/**
 * @file The complementary error function on vectors, precise where it is small: 1 − x − x·P(x²) where |x| is small, and beyond a tail,
 * e^(−x²)·Q(y) / (2x + 1), which is skipped where no element is there. y is 1 / (x + k), scaled to about −1 … 1, and Q a minimax
 * (Remez) fit of small relative error: nearly constant, so that y's own error does not matter.
 */
import type { Local } from "./assembler.js";
import { erfQuotient } from "./vectorMathErf.js";
import { expMinusSquare } from "./vectorMathExp.js";
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

const TAILS: Record<VectorWriter["float"], Tail> = {
  // Errors below 2⁻²⁷ and 2⁻⁵⁶.
  f32x4: {
    begin: 0.8,
    k: 2,
    scale: 7.24474096,
    shift: -1.58939171,
    fit: [
      1.26341784, 0.069817692, -0.0337638445, -0.0229938403, -0.00530734239, 7.08407679e-5, 0.000257004198,
      5.87217028e-6, -1.29933705e-5,
    ],
    end: 10.25,
  },
  f64x2: {
    begin: 1,
    k: 3,
    scale: 9.216730038022813,
    shift: -1.3041825095057034,
    fit: [
      1.2318356540480626, 0.09282647184807337, -0.0012634516709854585, -0.019752724260468493,
      -0.013553730506828031, -0.005646540895606645, -0.0015316482562116574, -0.00020555563812740636,
      2.5526314495054696e-5, 1.649107502940602e-5, 1.2401048665407948e-6, -8.889118043760235e-7,
      -1.7701930054803138e-7, 5.074597606898803e-8, 1.6005781353048243e-8, -3.5794160172756663e-9,
      -1.2929556779309068e-9, 3.0025167833336317e-10, 7.654840829751137e-11, -1.9959163404608175e-11,
    ],
    end: 27.3,
  },
};

function tailOf(v: VectorWriter, x: Local): Local {
  const { k, scale, shift, fit, end } = TAILS[v.float];
  const a = v.least(x, end);
  const t = v.div(1, v.add(a, k));
  const y = v.madd(t, scale, shift);
  const twice = v.add(a, a);
  const divisor = v.add(twice, 1);
  // What the divisor's rounding took is made good in the numerator, where t is close enough to the quotient.
  const lost = v.sub(twice, v.sub(divisor, 1));
  const rest = v.nmadd(lost, t, v.mul(y, v.polynomial(y, fit.slice(1))));
  return v.div(expMinusSquare(v, a, fit[0]!, rest), divisor);
}

/** erfc x. Largest errors found: 1.87 ulp in float32, 2.53 in float64. */
export function erfc(v: VectorWriter, x: Local): Local {
  const { f } = v;
  const { begin } = TAILS[v.float];
  const a = v.magnitude(x);
  const result = v.nmadd(x, erfQuotient(v, v.square(a)), v.sub(1, x));
  const central = v.lt(a, begin);
  f.get(central).op("i32x4.all_true").op("i32.eqz");
  f.if(() => {
    // A writer of its own: what is computed here once may not be computed at all.
    const inner = v.as(v.float);
    const tail = tailOf(inner, a);
    const outer = inner.select(inner.lt(x, 0), inner.sub(2, tail), tail);
    f.get(inner.select(central, result, outer)).set(result);
  });
  return result;
}
