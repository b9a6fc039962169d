import * as tf from "nabla";
import { assertAgrees, GoldenTable, gradientAt, plain } from "./golden.js";

interface NoneOrZeroRow {
  readonly name: string;
  readonly what: string;
  readonly none: unknown;
  readonly zero: unknown;
}

type Unconnected = "none" | "zero";

const table = new GoldenTable<NoneOrZeroRow>("none_or_zero");

/** Both columns of a row: the gradient as it comes, and with zeros for what is unconnected. */
function both(name: string, gradient: (unconnectedGradients: Unconnected) => unknown): void {
  table.row(name, ({ none, zero }) => {
    assertAgrees(plain(gradient("none")), none);
    assertAgrees(plain(gradient("zero")), zero);
  });
}

/** A row about one function at one point. */
function alone(name: string, f: (x: tf.Tensor) => tf.Tensor, point: tf.TensorLike, dtype?: tf.DType): void {
  both(name, (unconnectedGradients) => gradientAt(f, [point], { unconnectedGradients, dtype })[0]);
}

both("unconnected", (unconnectedGradients) => {
  const v = new tf.Variable([
    [1, 1],
    [1, 1],
  ]);
  const tape = new tf.GradientTape();
  const y = tape.record(() => tf.constant(1).mul(2));
  return tape.gradient(y, v, { unconnectedGradients });
});

both("unwatched", (unconnectedGradients) => {
  const x = tf.constant(3);
  const tape = new tf.GradientTape();
  const y = tape.record(() => x.mul(x));
  return tape.gradient(y, x, { unconnectedGradients });
});

both("not_trainable", (unconnectedGradients) => {
  const v = new tf.Variable([1, 2], { trainable: false });
  const tape = new tf.GradientTape();
  const y = tape.record(() => v.mul(v));
  return tape.gradient(y, v, { unconnectedGradients });
});

alone("stop_gradient", (x) => tf.stopGradient(x).mul(2), 3);

both("integer", (unconnectedGradients) => {
  const x = new tf.Variable(3, { dtype: "int32" });
  const tape = new tf.GradientTape();
  const y = tape.record(() => x.add(x));
  return tape.gradient(y, x, { unconnectedGradients });
});

alone("argmax", (x) => tf.argmax(x), [1, 3, 2]);
alone("floor", tf.floor, 2.5);
alone("ceil", tf.math.ceil, 2.5);
alone("round", tf.round, 2.5);
alone("rint", tf.math.rint, 2.5);
alone("sign", tf.sign, 2.5);
alone("floordiv", (x) => x.floordiv(2), 5);
alone("floormod", (x) => x.mod(2), 5);
alone("cast_to_int_and_back", (x) => x.cast("int32").cast("float32"), 2.5);
alone("cast_float64_float32", (x) => x.cast("float64"), 2.5);
alone("comparison", (x) => x.greater(1).cast("float32"), 2.5);
alone("zeros_like", tf.zerosLike, 2.5);
alone("ones_like", tf.onesLike, 2.5);
alone("relu_off", tf.nn.relu, -1);
alone("maximum_other", (x) => x.maximum(5), 1);
alone("clip_outside", (x) => tf.clipByValue(x, 0, 1), 3);
alone("one_hot", (x) => tf.oneHot(x.cast("int32"), 3), 1);
alone("through_numpy", (x) => tf.constant(x.item() * 2), 1);

table.everyRow();
