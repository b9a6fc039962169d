/** @file Our small jobs: the lesson's own, eager; one step of them compiled; and `fit`. */
import * as tf from "nabla";
import * as keras from "nabla/keras";
import { gateInputs, gates, gateTargets } from "../inputs.js";
import type { Job, Jobs } from "../measure.js";

/** One gradient step on x² − 6x + 5. */
function descentStep(x: tf.Variable): tf.Tensor {
  const tape = new tf.GradientTape();
  const y = tape.record(() => tf.add(tf.subtract(tf.pow(x, 2), tf.multiply(6, x)), 5));
  x.assignSub(tf.multiply(0.1, tape.gradient(y, x)));
  return y;
}

function descent(): number {
  const x = new tf.Variable(0);
  for (let i = 0; i < 20; i++) descentStep(x);
  return x.item();
}

function oneStep(): ReturnType<Job> {
  const x = new tf.Variable(0);
  const step = tf.function(() => descentStep(x));
  step();
  if (Math.abs(x.item() - 0.6) > 1e-6) throw new Error(`the first step leads to ${x.item()}, not to 0.6`);
  return { run: () => step(), calls: 1000, most: 15 };
}

/** 400 per-sample steps of the AND neuron, as the lesson writes them. */
function neuron(): number {
  const weights = new tf.Variable([0.5, 0.5], { dtype: "float64" });
  const bias = new tf.Variable(0.3, { dtype: "float64" });
  for (let epoch = 0; epoch < 100; epoch++) {
    for (const datum of gates) {
      const x = tf.constant(datum, "float64");
      const tape = new tf.GradientTape();
      const loss = tape.record(() => {
        const a = tf.nn.relu(tf.reduceSum(tf.multiply(weights, x)).add(bias));
        return a.sub(datum[0] * datum[1]).pow(2);
      });
      const [dw, db] = tape.gradient(loss, [weights, bias]);
      weights.assignSub(dw.mul(0.1));
      bias.assignSub(db.mul(0.1));
    }
  }
  return bias.item();
}

/** The loss after 1000 epochs. */
async function gateFit(): Promise<number> {
  const model = new keras.Sequential([new keras.layers.Dense(1, { activation: "relu" })]);
  model.compile({ loss: "mean_squared_error", optimizer: "adam", metrics: ["accuracy"] });
  model.build([null, 2]);
  model.setWeights([[[0.5], [0.3]], [0]]);
  const { history } = await model.fit(gateInputs, gateTargets, { epochs: 1000, batchSize: 4, verbose: 0 });
  return history["loss"]!.at(-1)!;
}

export const small: Jobs = {
  descent: () => ({ run: descent, warmups: 20 }),
  neuron: () => ({ run: neuron, warmups: 5, most: 40 }),
  "function-step": oneStep,
  "gate-fit": () => ({ run: gateFit, most: 15 }),
};
