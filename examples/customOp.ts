// An operation of your own: x³, computed element by element, with its gradient registered from outside.
import * as tf from "nabla";

const cubeOp = tf.elementwise({
  name: "Cube",
  inputs: ["x"],
  accepts: "float",
  lane: ({ x }) => tf.lane.mul(x, tf.lane.mul(x, x)),
});

tf.registerGradient("Cube", (op, dy) => dy.mul(op.inputs[0]!.square().mul(3)));

const cube = (x: tf.TensorLike) => tf.apply(cubeOp, [x]);

const x = new tf.Variable([1, 2, 3]);
const tape = new tf.GradientTape();
const y = tape.record(() => cube(x));

console.log(y.array(), tape.gradient(y, x).array());

// prints: [ 1, 8, 27 ] [ 3, 12, 27 ]
