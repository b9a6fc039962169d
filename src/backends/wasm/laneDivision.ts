/**
 * @file Divisions of int32 lanes, uint8 among them. Vectors have none of integers: quotients are computed in float64, whose
 * rounding never reaches the next integer, since quotients of int32 stay 2⁻³¹ away from integers that they are not.
 */
import { storable } from "../../core/convert.js";
import type { LaneFunction } from "../../ir/lane.js";
import type { TypedLane } from "../../ir/typedLane.js";
import type { Local } from "./assembler.js";
import { castFour, narrowMask } from "./laneCasts.js";
import type { VectorWriter } from "./vectors.js";

type Call = TypedLane & { readonly kind: "call" };

interface Division {
  /** Which way quotients are rounded. */
  readonly toward: "floor" | "trunc";
  readonly remainder: boolean;
}

const DIVISIONS: Partial<Record<LaneFunction, Division>> = {
  div: { toward: "trunc", remainder: false },
  floordiv: { toward: "floor", remainder: false },
  floormod: { toward: "floor", remainder: true },
  truncdiv: { toward: "trunc", remainder: false },
  truncmod: { toward: "trunc", remainder: true },
};

/** Added to an integer in float64, it leaves the integer modulo 2³² in the lower word. */
const WHOLE = 1.5 * 2 ** 52;

/** The division of integers that a call is, if it is one. */
export function integerDivision({ fn, args }: Call): Division | undefined {
  const { dtype } = args[0]!;
  return dtype === "int32" || dtype === "uint8" ? DIVISIONS[fn] : undefined;
}

/** The divisor where it is a number known beforehand, and not 0. */
export function knownDivisor({ args }: Call): number | null {
  const divisor = args[1]!;
  return divisor.kind === "const" ? storable(divisor.value, divisor.dtype) || null : null;
}

/** Whether one shift or mask does: a division by a power of two, rounded down. */
const isShift = ({ toward }: Division, known: number | null): known is number =>
  known !== null && toward === "floor" && known > 0 && Number.isInteger(Math.log2(known));

/** What a division of integers costs, about, in instructions per element; null for other calls. */
export function divisionCost(node: Call): number | null {
  const division = integerDivision(node);
  if (division === undefined) return null;
  const known = knownDivisor(node);
  if (isShift(division, known)) return 1;
  return (known === null ? 10 : 5) + (division.remainder ? 2 : 0);
}

/** Writes a division by what is not 0. `known` is the divisor where it is known. */
export function divideIntegers(
  v: VectorWriter,
  division: Division,
  [dividend, divisor]: readonly [Local, Local],
  known: number | null,
): Local {
  const { toward, remainder } = division;
  if (isShift(division, known)) {
    if (remainder) return v.and(dividend, v.bits(BigInt(known - 1)));
    return v.shiftRightSigned(dividend, Math.log2(known));
  }
  const wide = v.as("f64x2");
  const parts = castFour(v.f, "int32", "float64", [dividend]);
  const divisors = known === null ? castFour(v.f, "int32", "float64", [divisor]) : null;
  const quotients = parts.map((part, i) => {
    const quotient =
      divisors === null ? timesInverse(wide, toward, part, known!) : wide.div(part, divisors[i]!);
    return wide.add(wide.call(toward, quotient), WHOLE);
  });
  const [quotient] = narrowMask(v, quotients);
  return remainder ? v.op("i32x4.sub", dividend, v.op("i32x4.mul", quotient!, divisor)) : quotient!;
}

/** x / divisor, moved by half the distance between quotients away from the integer that the product may fall short of. */
function timesInverse(v: VectorWriter, toward: Division["toward"], x: Local, divisor: number): Local {
  const half = 0.5 / Math.abs(divisor);
  if (toward === "floor") return v.madd(x, 1 / divisor, half);
  const quotient = v.mul(x, 1 / divisor);
  return v.add(quotient, v.or(v.signBit(quotient), half));
}
