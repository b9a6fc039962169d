// A figure and a picture of a tape, as files in the current folder.
import * as tf from "nabla";
import * as plt from "nabla/pyplot";

const xs = tf.linspace(-2, 2, 81);
plt.plot(xs, tf.exp(xs.square().neg()), { label: "exp(-x²)" });
plt.legend();
await plt.savefig("bell.svg");

const x = new tf.Variable(1, { name: "x" });
const tape = new tf.GradientTape();
const y = tape.record(() => tf.exp(x.square().neg()));
await tf.plotTape(tape, { names: { y } }).save("tape.svg");

console.log("bell.svg and tape.svg are written");

// prints: bell.svg and tape.svg are written
