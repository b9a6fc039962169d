/** @file Our training steps: a tape, the gradients and Adam in one function; and what compiling one costs. */
import * as tf from "nabla";
import * as keras from "nabla/keras";
import { type Figures, type Job, type Jobs, trainingStep } from "../measure.js";
import type { Compile } from "./large.js";
import { models, type Training } from "./models.js";

/** One step on the batch, which returns its loss. */
function stepOf({ model, x, y }: Training, compile: Compile): () => number {
  (model as unknown as keras.Model).build(x.shape);
  const { trainableVariables } = model as unknown as keras.Model;
  const optimizer = new keras.optimizers.Adam(0.001);
  const lossOf = new keras.losses.SparseCategoricalCrossentropy({ fromLogits: true });
  const step = compile((x: tf.Tensor, y: tf.Tensor) => {
    const tape = new tf.GradientTape();
    const loss = tape.record(() => lossOf(y, model(x)));
    optimizer.apply(tape.gradient(loss, trainableVariables), trainableVariables);
    return loss;
  });
  return () => step(x, y).item();
}

const train =
  (name: string, compile: Compile): Job =>
  async () => {
    const training = models[name]!();
    const timed = await trainingStep(stepOf(training, compile));
    const parameters = (training.model as unknown as keras.Model).countParams();
    return { ...timed, fields: { ...timed.fields, parameters } };
  };

export const training = (compile: Compile): Jobs =>
  Object.fromEntries(Object.keys(models).map((name) => [name, train(name, compile)]));

/** The first call of the transformer's step, that of a second model of the same kind, and a later call. */
export function compileTransformer(): Figures {
  const timed = (step: () => unknown): number => {
    const start = performance.now();
    step();
    return performance.now() - start;
  };
  const [one, other] = [0, 1].map(() => stepOf(models["transformer"]!(), tf.function));
  const [median, second] = [timed(one!), timed(other!)];
  const later = Array.from({ length: 9 }, () => timed(other!)).sort((a, b) => a - b);
  return { median, second, step: later[4]! };
}

const megabytes = (bytes: number): number => Math.round(bytes / 2 ** 20);

/** Memory held after so many steps, with the garbage collected. */
async function heldAfter(step: () => unknown, steps: number): Promise<number> {
  // In pieces, because finalizers run only between macrotasks.
  for (let i = 0; i < steps; i += 100) {
    for (let j = 0; j < 100; j++) step();
    await new Promise(setImmediate);
  }
  (globalThis as { gc?: () => void }).gc?.();
  await new Promise((resolve) => setTimeout(resolve, 100));
  return process.memoryUsage.rss();
}

/** Whether 10 000 steps of the MLP leave the process larger than 100 do. */
export async function tenThousandSteps(): Promise<Figures> {
  const step = stepOf(models["mlp"]!(), tf.function);
  const start = performance.now();
  const early = await heldAfter(step, 100);
  const late = await heldAfter(step, 9900);
  const median = (performance.now() - start) / 10_000;
  return { median, megabytesAfter100: megabytes(early), megabytesAfter10000: megabytes(late) };
}
