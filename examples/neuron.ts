// A neuron learns that y = 2x + 1.
import * as tf from "nabla";
import * as keras from "nabla/keras";

keras.utils.setRandomSeed(1);

const model = new keras.Sequential([new keras.layers.Dense(1)]);
model.compile({ optimizer: new keras.optimizers.Adam(0.1), loss: "mean_squared_error" });

const x = tf.constant([[0], [1], [2], [3]]);
const y = tf.constant([[1], [3], [5], [7]]);
await model.fit(x, y, { epochs: 300, verbose: 0 });

const answer = await model.predict([[10]], { verbose: 0 });
console.log(answer.item().toFixed(1));

// prints: 21.0
