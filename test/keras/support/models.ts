/**
 * @file The models that the golden values were made with.
 */
import type * as tf from "nabla";
import * as keras from "nabla/keras";
import { golden, goldenTensor, options } from "./golden.js";

/** A Sequential of Dense layers, built for two inputs. */
export function modelOf(layers: readonly Record<string, unknown>[]): keras.Sequential {
  const model = new keras.Sequential(layers.map((each) => new keras.layers.Dense(options(each))));
  model.build([null, 2]);
  return model;
}

/** The regression of the golden file with its starting weights and data. */
export function regression(): { model: keras.Sequential; x: tf.Tensor; y: tf.Tensor } {
  const [plain] = golden["fit"];
  const model = modelOf(plain.layers);
  model.setWeights(plain.start.map(goldenTensor));
  return { model, x: goldenTensor(plain.x), y: goldenTensor(plain.y) };
}
