/**
 * @file The elements of products: how each dtype lies in packed panels, and its multiplication and addition.
 */
import type { DType } from "../../ir/dtype.js";
import type { FunctionBuilder, Local } from "./assembler.js";

/** Bytes of a tile's row: two vectors, whatever the dtype. */
export const TILE_ROW_BYTES = 32;

/** How the elements of one dtype are multiplied. */
export interface ProductElement {
  readonly dtype: DType;
  readonly vector: "f32x4" | "f64x2" | "i32x4";
  /** Bytes in the arrays, and in packed panels: uint8 is widened to int32. */
  readonly bytes: number;
  readonly packedBytes: number;
  /** Columns of a tile. */
  readonly columns: number;
  /** Rows of a tile. */
  readonly rows: number;
  /** Whether one instruction multiplies and adds. */
  readonly fused: boolean;
}

/**
 * Two vectors of columns are two sums a row, and 16 registers hold those of six rows beside their factors. Where the product needs
 * a register of its own before it is added, four rows are all that fits.
 */
const FUSED_ROWS = 6;
const ROWS = 4;

/** Rows of the lower tile that takes the last rows where they are no more. */
export const LOW_ROWS = ROWS;
/** Bytes of a tile. */
export const tileBytes = ({ rows }: ProductElement): number => rows * TILE_ROW_BYTES;
/** Bytes that a step along k takes of the packed rows. */
export const rowsStep = ({ rows, packedBytes }: ProductElement): number => rows * packedBytes;

/** @throws {Error} products of this dtype are not defined */
export function productElement(dtype: DType, relaxed: boolean): ProductElement {
  const rows = relaxed ? FUSED_ROWS : ROWS;
  switch (dtype) {
    case "float32":
      return { dtype, vector: "f32x4", bytes: 4, packedBytes: 4, columns: 8, rows, fused: relaxed };
    case "float64":
      return { dtype, vector: "f64x2", bytes: 8, packedBytes: 8, columns: 4, rows, fused: relaxed };
    case "int32":
      return { dtype, vector: "i32x4", bytes: 4, packedBytes: 4, columns: 8, rows: ROWS, fused: false };
    case "uint8":
      return { dtype, vector: "i32x4", bytes: 1, packedBytes: 4, columns: 8, rows: ROWS, fused: false };
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
