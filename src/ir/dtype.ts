/**
 * @file Names of the element types. Only names: what they mean is in core/dtype.ts, so that lanes and graphs stay data.
 */

/** Every dtype the table has room for; ops state which of them they take. */
export const DTYPES = [
  "float32",
  "float64",
  "int32",
  "bool",
  "uint8",
  "int64",
  "float16",
  "bfloat16",
  "complex64",
  "complex128",
] as const;

export type DType = (typeof DTYPES)[number];
