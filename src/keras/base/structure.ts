/**
 * @file Telling a structure of tensors from a tensor written as a nested list.
 */
import { Operand } from "../../core/tensor.js";

/**
 * Whether a value is a list or an object of inputs, rather than one: a list is one tensor unless there is a tensor in it.
 */
export function isStructure(value: unknown): value is readonly unknown[] | Record<string, unknown> {
  if (Array.isArray(value)) return value.some((item) => item instanceof Operand || isStructure(item));
  return (
    typeof value === "object" && value !== null && !ArrayBuffer.isView(value) && !(value instanceof Operand)
  );
}
