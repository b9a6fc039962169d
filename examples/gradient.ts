// The gradient of a function of two variables, and the matrix of its second derivatives.
import * as tf from "nabla";

const x = new tf.Variable([3, 4]);

const tape = new tf.GradientTape();
const length = tape.record(() => tf.sqrt(tf.reduceSum(tf.square(x))));

console.log(tape.gradient(length, x));

const bowl = (x: tf.Tensor) => tf.reduceSum(tf.square(x).mul([1, 5]));
console.log(tf.hessian(bowl)([3, 4]).array());

// prints: tf.Tensor([0.6, 0.8], shape=[2], dtype=float32)
// prints: [ [ 2, 0 ], [ 0, 10 ] ]
