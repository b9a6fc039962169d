/**
 * @file What happens to gradients before they change a variable: clipping by value, by length, by the length of all.
 */
import type { Tensor } from "../../core/tensor.js";
import {
  add,
  clipByValue,
  divide,
  maximum,
  minimum,
  multiply,
  reduceSum,
  sqrt,
  square,
  subtract,
} from "../../ops/public.js";

/** How gradients are limited; at most one is set. */
export interface Clipping {
  readonly clipnorm: number | null;
  readonly clipvalue: number | null;
  readonly globalClipnorm: number | null;
}

const squaredLength = (x: Tensor): Tensor => reduceSum(square(x));

/** Gradients within the limits. */
export function clipGradients(
  gradients: Tensor[],
  { clipnorm, clipvalue, globalClipnorm }: Clipping,
): Tensor[] {
  if (clipnorm)
    return gradients.map((g) => divide(multiply(g, clipnorm), maximum(sqrt(squaredLength(g)), clipnorm)));
  if (globalClipnorm) {
    const length = sqrt(gradients.map(squaredLength).reduce((a, b) => add(a, b)));
    const scale = multiply(globalClipnorm, minimum(divide(1, length), 1 / globalClipnorm));
    // Infinity and NaN must not pass as if they had been clipped.
    const honest = add(scale, subtract(length, length));
    return gradients.map((g) => multiply(g, honest));
  }
  if (clipvalue) return gradients.map((g) => clipByValue(g, -clipvalue, clipvalue));
  return gradients;
}
