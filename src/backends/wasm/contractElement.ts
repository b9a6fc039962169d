/**
 * @file The elements of products: how each dtype lies in packed panels, and its multiplication and addition.
 */
import type { DType } from "../../ir/dtype.js";
import type { FunctionBuilder, Local } from "./assembler.js";

/** Rows of a tile. Four rows of two vectors are eight sums, and all that 16 registers hold beside their factors. */
export const TILE_ROWS = 4;
/** Bytes of a tile's row: two vectors, whatever the dtype. */
export const TILE_ROW_BYTES = 32;
export const TILE_BYTES = TILE_ROWS * TILE_ROW_BYTES;

/** How the elements of one dtype are multiplied. */
export interface ProductElement {
  readonly dtype: DType;
  readonly vector: "f32x4" | "f64x2" | "i32x4";
  /** Bytes in the arrays, and in packed panels: uint8 is widened to int32. */
  readonly bytes: number;
  readonly packedBytes: number;
  /** Columns of a tile. */
  readonly columns: number;
  /** Whether one instruction multiplies and adds. */
  readonly fused: boolean;
}

/** @throws {Error} products of this dtype are not defined */
export function productElement(dtype: DType, relaxed: boolean): ProductElement {
  switch (dtype) {
    case "float32":
      return { dtype, vector: "f32x4", bytes: 4, packedBytes: 4, columns: 8, fused: relaxed };
    case "float64":
      return { dtype, vector: "f64x2", bytes: 8, packedBytes: 8, columns: 4, fused: relaxed };
    case "int32":
      return { dtype, vector: "i32x4", bytes: 4, packedBytes: 4, columns: 8, fused: false };
    case "uint8":
      return { dtype, vector: "i32x4", bytes: 1, packedBytes: 4, columns: 8, fused: false };
    default:
      throw new Error(`product: expected float32, float64, int32 or uint8, got ${dtype}`);
  }
}

/** sum += x · y */
export function multiplyAdd(
  f: FunctionBuilder,
  { vector, fused }: ProductElement,
  [sum, x, y]: Local[],
): void {
  if (fused) f.get(x!).get(y!).get(sum!).op(`${vector}.relaxed_madd`);
  else f.get(sum!).get(x!).get(y!).op(`${vector}.mul`).op(`${vector}.add`);
  f.set(sum!);
}
