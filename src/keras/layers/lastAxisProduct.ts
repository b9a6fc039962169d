/**
 * @file The product of a tensor's last axis with a matrix, as one product of two matrices.
 */
import type { Operand, Tensor } from "../../core/tensor.js";
import { matmul, reshape } from "../../ops/public.js";

/** y[…, j] = Σₖ x[…, k] · kernel[k, j]. */
export function lastAxisProduct(x: Tensor, kernel: Operand): Tensor {
  if (x.rank === 2) return matmul(x, kernel);
  const [inner, columns] = kernel.shape as [number, number];
  // Of an empty tensor no size can follow from the others.
  if (x.rank < 2 || inner * columns === 0 || x.shape.includes(0)) return matmul(x, kernel);
  return reshape(matmul(reshape(x, [-1, inner]), kernel), [-1, ...x.shape.slice(1, -1), columns]);
}
