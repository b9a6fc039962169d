// What a user of plain JavaScript does in the first minute.
import * as tf from "nabla";
import * as keras from "nabla/keras";
import * as plt from "nabla/pyplot";

const x = new tf.Variable(0);
for (let step = 0; step < 100; step += 1) {
  const tape = new tf.GradientTape();
  const y = tape.record(() => x.pow(2).sub(x.mul(6)).add(5));
  x.assignSub(tape.gradient(y, x).mul(0.1));
}
if (Math.abs(x.item() - 3) > 1e-6) throw new Error(`x²−6x+5 is least at 3, not at ${x.item()}`);

const model = new keras.Sequential([new keras.layers.Dense(1, { activation: "sigmoid" })]);
model.compile({ optimizer: "adam", loss: "mean_squared_error" });
const inputs = tf.constant([
  [0, 0],
  [0, 1],
  [1, 0],
  [1, 1],
]);
const targets = tf.constant([[0], [0], [0], [1]]);
const history = await model.fit(inputs, targets, { epochs: 3, batchSize: 4, verbose: 0 });
if (history.history.loss.length !== 3) throw new Error("three epochs have three losses");

plt.plot([0, 1, 2], [0, 1, 4], "o");
console.log("every line ran");
