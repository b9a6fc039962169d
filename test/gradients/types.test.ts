// Most of what is tested here is tested by the compiler: a line after @ts-expect-error that compiles is an error.
import assert from "node:assert/strict";
import test from "node:test";
import * as tf from "nabla";

/** Compiles only if the two types are the same. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const same = <A, B>(_: Same<A, B>): void => {};

/** A persistent tape that recorded y = v · w. */
function recorded() {
  const [v, w] = [new tf.Variable(2), new tf.Variable(3)];
  const tape = new tf.GradientTape({ persistent: true });
  return { tape, v, w, y: tape.record(() => v.mul(w)) };
}

test("gradients have the structure of the sources, without null", () => {
  const { tape, v, w, y } = recorded();
  const bare = tape.gradient(y, v);
  same<typeof bare, tf.Tensor>(true);
  const tuple = tape.gradient(y, [v, w]);
  same<typeof tuple, [tf.Tensor, tf.Tensor]>(true);
  const array = tape.gradient(y, [v, w] as tf.Variable[]);
  same<typeof array, tf.Tensor[]>(true);
  const object = tape.gradient(y, { a: v, rest: [w, { b: v }] });
  same<typeof object, { a: tf.Tensor; rest: [tf.Tensor, { b: tf.Tensor }] }>(true);
  assert.deepEqual(
    [bare, tuple[1], array[0]!, object.rest[1].b].map((gradient) => gradient.item()),
    [3, 2, 3, 3],
  );
});

test('asking for "none" by name makes the types nullable; "zero" does not', () => {
  const { tape, v, y } = recorded();
  const other = new tf.Variable(1);
  const none = tape.gradient(y, [v, other], { unconnectedGradients: "none" });
  same<typeof none, [tf.Tensor | null, tf.Tensor | null]>(true);
  const zero = tape.gradient(y, [v, other], { unconnectedGradients: "zero" });
  same<typeof zero, [tf.Tensor, tf.Tensor]>(true);
  const named = tape.gradient(y, v, { unconnectedGradients: tf.UnconnectedGradients.NONE });
  same<typeof named, tf.Tensor | null>(true);
  const jacobian = tape.jacobian(y, { other }, { unconnectedGradients: "none" });
  same<typeof jacobian, { other: tf.Tensor | null }>(true);
  const accumulator = new tf.ForwardAccumulator(v, 1);
  const jvp = accumulator.jvp([y, y], { unconnectedGradients: "none" });
  same<typeof jvp, [tf.Tensor | null, tf.Tensor | null]>(true);
  // @ts-expect-error: a gradient that may be null cannot be subtracted
  assert.throws(() => other.assignSub(none[1]), { name: "DtypeError" });
  // @ts-expect-error: there is no third way
  assert.throws(() => tape.gradient(y, v, { unconnectedGradients: "nonsense" }), { name: "ValueError" });
});

test("record takes synchronous functions and gives back their type", () => {
  const tape = new tf.GradientTape();
  const result = tape.record(() => ({ a: 1, b: "x" }));
  same<typeof result, { a: number; b: string }>(true);
  // @ts-expect-error: an async function
  assert.throws(() => tape.record(async () => 1), { name: "ValueError" });
  const accumulator = new tf.ForwardAccumulator(tf.constant(1), 1);
  // @ts-expect-error: an async function
  assert.throws(() => accumulator.record(async () => 1), { name: "ValueError" });
});

test("targets and sources are tensors or variables", () => {
  const { tape, v, y } = recorded();
  // @ts-expect-error: a number is no source
  assert.throws(() => tape.gradient(y, 3));
  // @ts-expect-error: a number is no target
  assert.throws(() => tape.gradient(3, v));
  // @ts-expect-error: a string among the sources
  assert.throws(() => tape.gradient(y, [v, "w"]));
});

test("an op's record: what is not saved cannot be read, and no input can be forgotten", () => {
  const { lane } = tf;
  const op = tf.elementwise({
    name: "TestTypes",
    inputs: ["x", "y"],
    saves: ["y"],
    lane: ({ x, y }) => lane.mul(x, y),
    // @ts-expect-error: x is not saved
    grad: (dy, { y, x }) => ({ x: () => dy.mul(y), y: () => dy.mul(x) }),
  });
  assert.equal(tf.apply(op, [2, 3]).item(), 6);
  tf.elementwise({
    name: "TestTypes",
    inputs: ["x", "y"],
    saves: ["y"],
    lane: ({ x, y }) => lane.mul(x, y),
    // @ts-expect-error: the gradient of y is missing
    grad: (dy, { y }) => ({ x: () => dy.mul(y) }),
  });
  tf.elementwise({
    name: "TestTypes",
    inputs: ["x"],
    // @ts-expect-error: the op has no input z
    lane: ({ z }) => z,
    grad: null,
  });
});

test("a customised function keeps its type, and takes numbers and lists where it takes tensors", () => {
  const f = tf.customGradient((x: tf.Tensor, flag: string) => {
    return [{ y: x, flag }, (dy: tf.Tensor) => dy] as const;
  });
  const result = f([1, 2], "on");
  same<typeof result, { readonly y: tf.Tensor; readonly flag: string }>(true);
  assert.equal(result.flag, "on");
  assert.deepEqual(result.y.array(), [1, 2]);
  // @ts-expect-error: a string is wanted
  f([1, 2], 3);
});
