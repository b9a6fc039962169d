/**
 * @file A model as a picture.
 */
import { ValueError } from "../../core/errors.js";
import {
  type LayerDescription,
  type ModelDescription,
  type ModelPictureOptions,
  modelPicture,
} from "../../diagram/model.js";
import type { Picture } from "../../diagram/picture.js";
import type { LayerShape } from "../base/shape.js";
import type { Layer } from "../layers/layer.js";
import type { Model } from "../models/model.js";
import { Sequential } from "../models/sequential.js";

/**
 * A picture of a model, a table for each layer. It displays itself in a notebook; `await picture.svg()` gives its text and
 * `await picture.save("model.svg")` writes a file. Shapes that are not known are shown as "?". A subclassed model is one
 * table, since only its `call` knows how its layers hang together.
 *
 * @param model    built: called once, or with an input of its own
 * @param options  `showShapes`, `showDtype`, `showLayerNames`, `showLayerActivations`, `showTrainable`, `expandNested`
 *                 (all false), `rankdir` ("TB", or "LR" from left to right), `splines` ("ortho" and Graphviz's others)
 * @throws {ValueError} the model is not built, or an option is unknown
 * @example
 * const model = new keras.Sequential([keras.Input({ shape: [2] }), new keras.layers.Dense(1)], { name: "line" });
 * keras.utils.plotModel(model, { showShapes: true }) // <Picture of model line, 1 layer>
 */
export function plotModel(model: Model, options: ModelPictureOptions = {}): Picture {
  if (!model.built) {
    throw new ValueError(
      "plotModel: this model has not been built yet; build it by `model.build(inputShape)` or by calling it on a batch",
    );
  }
  return modelPicture(model instanceof Sequential ? describeStack(model) : describeWhole(model), options);
}

function describeStack(model: Sequential): ModelDescription {
  const layers: LayerDescription[] = [];
  for (const layer of model.layers) layers.push(describeLayer(layer, layers.at(-1)?.outputShape ?? null));
  const edges = layers.slice(1).map(({ name }, i) => [layers[i]!.name, name] as const);
  return { name: model.name, layers, edges };
}

const describeWhole = (model: Model): ModelDescription => ({
  name: model.name,
  layers: [describeLayer(model, null)],
  edges: [],
});

/** @param given  the shape that the layer is fed with, for layers that keep none because they have nothing to build */
function describeLayer(layer: Layer, given: LayerDescription["outputShape"]): LayerDescription {
  const { activation } = layer.getConfig();
  return {
    name: layer.name,
    className: layer.constructor.name,
    inputShape: layer.buildShape ?? given,
    outputShape: outputShapeOf(layer),
    dtype: layer.computeDtype,
    activation: typeof activation === "string" ? activation : null,
    ...(layer.weights.length > 0 ? { trainable: layer.trainable } : {}),
    ...(layer instanceof Sequential ? { model: describeStack(layer) } : {}),
  };
}

function outputShapeOf(layer: Layer): LayerShape | null {
  if (layer.outputShapeNote !== null) return layer.outputShapeNote;
  if (layer.buildShape === null) return null;
  try {
    return layer.computeOutputShape(layer.buildShape);
  } catch {
    // A layer that cannot tell its shape is shown without one.
    return null;
  }
}
