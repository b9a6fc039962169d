/**
 * @file Traced functions against the same functions op by op.
 */
import assert from "node:assert/strict";
import * as tf from "nabla";

export type F = (...xs: tf.Tensor[]) => tf.Tensor;

export const zero = (): tf.Tensor => tf.constant(0, "int32");

/** Repeats y ← f(y) so many times. */
export const times = (
  rounds: number | tf.Tensor,
  f: (y: tf.Tensor, i: tf.Tensor) => tf.Tensor,
  first: tf.Tensor,
): tf.Tensor =>
  tf.whileLoop(
    (i: tf.Tensor) => tf.less(i, rounds),
    (i: tf.Tensor, y: tf.Tensor) => [tf.add(i, 1), f(y, i)],
    [zero(), first] as tf.Tensor[],
  )[1] as tf.Tensor;

/** The gradient of the sum of squares, as one vector. */
export const gradientOf =
  (f: F): F =>
  (...xs) => {
    const tape = new tf.GradientTape();
    const y = tape.record(() => {
      tape.watch(xs);
      return tf.reduceSum(tf.square(f(...xs)));
    });
    return tf.concat(
      (tape.gradient(y, xs) as tf.Tensor[]).map((g) => tf.reshape(g, [-1])),
      0,
    );
  };

/** Equal up to rounding, relative to the largest element. */
export function assertClose(actual: tf.Tensor, expected: tf.Tensor, what: string): void {
  assert.deepEqual(actual.shape, expected.shape, what);
  const largest = (x: tf.Tensor): number => tf.reduceMax(tf.abs(tf.cast(x, "float64"))).item();
  const difference = largest(tf.subtract(actual, expected));
  assert.ok(
    difference <= 1e-11 * Math.max(1, largest(expected)),
    `${what}: ${actual} differs from ${expected} by ${difference}`,
  );
}

/** A traced function gives what the function gives, and so do gradients of so many orders, with tapes outside, inside and both. */
export function checkTraced(f: F, inputs: tf.Tensor[], orders: number): void {
  const compiled = tf.function(f) as unknown as F;
  assertClose(compiled(...inputs), f(...inputs), "value");
  let eager = f;
  let outside = compiled;
  let both = compiled;
  for (let order = 1; order <= orders; order++) {
    eager = gradientOf(eager);
    outside = gradientOf(outside);
    const inside = tf.function(eager) as unknown as F;
    both = gradientOf(both);
    const expected = eager(...inputs);
    assertClose(outside(...inputs), expected, `gradient ${order}, tapes outside`);
    assertClose(inside(...inputs), expected, `gradient ${order}, tapes inside`);
    assertClose(both(...inputs), expected, `gradient ${order}, the last tape outside`);
    both = inside;
  }
}
