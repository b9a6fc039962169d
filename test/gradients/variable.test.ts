import assert from "node:assert/strict";
import test from "node:test";
import * as tf from "nabla";

test("a variable takes dtype, name and trainable; defaults as in TensorFlow", () => {
  const plain = new tf.Variable([1, 2]);
  assert.deepEqual([plain.dtype, plain.shape, plain.trainable], ["float32", [2], true]);
  const set = new tf.Variable(3, { dtype: "float64", name: "w", trainable: false });
  assert.deepEqual([set.dtype, set.name, set.trainable, set.item()], ["float64", "w", false, 3]);
  assert.equal(new tf.Variable(new Float64Array([1])).dtype, "float64");
  assert.equal(new tf.Variable(tf.constant(1, "int32")).dtype, "int32");
  assert.equal(new tf.Variable(tf.constant(1.5), { dtype: "int32" }).item(), 1);
  assert.equal(new tf.Variable(() => tf.ones([2])).size, 2);
  assert.throws(() => new tf.Variable(1, { dtype: "float3" as never }), { name: "DtypeError" });
});

test("a variable copies what it is given", () => {
  const given = new Float32Array([1, 2]);
  const v = new tf.Variable(given);
  given[0] = 100;
  assert.deepEqual(v.array(), [1, 2]);
  v.data()[0] = 100;
  assert.deepEqual(v.array(), [1, 2]);
  v.assign(given);
  given[1] = 200;
  assert.deepEqual(v.array(), [100, 2]);
});

test("assign, assignAdd and assignSub replace the value and give the variable back", () => {
  const v = new tf.Variable([1, 2]);
  const before = v.readValue();
  assert.equal(v.assign([3, 4]), v);
  assert.equal(v.assignAdd([10, 10]), v);
  assert.equal(v.assignSub(tf.constant([1, 2])), v);
  assert.deepEqual(v.array(), [12, 12]);
  assert.deepEqual(before.array(), [1, 2]);
  v.assign(new tf.Variable([5, 6]));
  assert.deepEqual(v.array(), [5, 6]);
});

// TensorFlow 2.21 refuses to broadcast, too.
test("an update of another shape is an error that names the variable, and changes nothing", () => {
  const v = new tf.Variable([1, 2], { name: "w" });
  const wrong: [tf.TensorLike, string][] = [
    [[1, 2, 3], "[3]"],
    [[1], "[1]"],
    [1, "[]"],
    [[[1, 2]], "[1, 2]"],
  ];
  for (const update of ["assign", "assignAdd", "assignSub"] as const) {
    for (const [value, shape] of wrong) {
      const message = `${update}: variable 'w' has shape [2], got ${shape}`;
      assert.throws(() => v[update](value), { name: "ShapeError", message });
    }
  }
  assert.deepEqual(v.array(), [1, 2]);
});

test("an update of another dtype is an error; plain numbers take the variable's", () => {
  const v = new tf.Variable(0.1, { dtype: "float64", name: "w" });
  assert.throws(() => v.assignSub(tf.constant(1)), {
    name: "DtypeError",
    message: "assignSub: variable 'w' is float64, got float32",
  });
  v.assign(0.2);
  assert.equal(v.item(), 0.2);
});

test("null is an error that names the variable and says where nulls come from", () => {
  const v = new tf.Variable(1, { name: "w" });
  const other = new tf.Variable(1);
  const tape = new tf.GradientTape();
  const gradient = tape.gradient(
    tape.record(() => other.mul(2)),
    v,
  );
  assert.throws(() => v.assignSub(gradient), {
    name: "DtypeError",
    message:
      "assignSub: variable 'w' was given null; a gradient is null when the target does not depend on the variable",
  });
});

test("reading through readValue and value keeps the path to the variable", () => {
  const v = new tf.Variable(3);
  const tape = new tf.GradientTape({ persistent: true });
  const [read, value] = tape.record(() => [v.readValue().pow(2), v.value().pow(2)] as const);
  assert.deepEqual([tape.gradient(read, v).item(), tape.gradient(value, v).item()], [6, 6]);
});

test("array, data, item and printing do not count as reading", () => {
  const v = new tf.Variable([3]);
  const tape = new tf.GradientTape();
  tape.record(() => [v.array(), v.data(), v.item(), String(v), v.shape, v.dtype, v.size]);
  assert.deepEqual(tape.watchedVariables(), []);
});

test("a gradient saved before an assignment still uses the value of then", () => {
  const v = new tf.Variable(2);
  const tape = new tf.GradientTape();
  const y = tape.record(() => v.pow(3));
  v.assign(100);
  assert.equal(tape.gradient(y, v).item(), 12);
});

test("assignments inside a tape are not recorded", () => {
  const [v, w] = [new tf.Variable(2), new tf.Variable(3)];
  const tape = new tf.GradientTape();
  tape.record(() => v.assign(w).assignAdd(w).assignSub(w));
  assert.equal(tape.recorded.length, 0);
});
