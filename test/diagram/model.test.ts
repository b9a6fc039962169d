import assert from "node:assert/strict";
import test from "node:test";
import { type ModelDescription, modelPicture } from "../../src/diagram/model.js";
import { readDrawing } from "./drawn.js";

const model: ModelDescription = {
  name: "sequential",
  layers: [
    {
      ...{ name: "dense", className: "Dense", inputShape: [null, 2], outputShape: [null, 8] },
      ...{ dtype: "float32", activation: "relu", trainable: true },
    },
    { name: "dense_1", className: "Dense", inputShape: null, outputShape: null, trainable: false },
  ],
  edges: [["dense", "dense_1"]],
};

const boxesOf = async (options: object, description = model) =>
  Object.fromEntries(readDrawing(await modelPicture(description, options).svg()).boxes);

// The cells' texts are those of keras.utils.plot_model of Keras 3.15, in its order.
test("a layer is a table of its class and, on request, shapes, name, activation, type and training", async () => {
  assert.deepEqual(await boxesOf({}), { dense: ["Dense"], dense_1: ["Dense"] });
  assert.deepEqual(await boxesOf({ showShapes: true }), {
    dense: ["Dense", "Input shape:", "(None, 2)", "Output shape:", "(None, 8)"],
    dense_1: ["Dense", "Input shape:", "?", "Output shape:", "?"],
  });
  const all = { showDtype: true, showLayerNames: true, showLayerActivations: true, showTrainable: true };
  assert.deepEqual(await boxesOf(all), {
    dense: ["dense", "(Dense)", "Activation:", "relu", "Output dtype:", "float32", "Trainable"],
    dense_1: ["dense_1", "(Dense)", "Output dtype:", "?", "Non-trainable"],
  });
});

test("shapes of one axis, none, lists and records are written as Python writes them", async () => {
  const output = async (outputShape: ModelDescription["layers"][number]["outputShape"]) => {
    const description = { name: "m", layers: [{ name: "l", className: "L", outputShape }], edges: [] };
    return (await boxesOf({ showShapes: true }, description))["l"]!.at(-1);
  };
  assert.equal(await output([null]), "(None,)");
  assert.equal(await output([]), "()");
  assert.equal(await output([[null, 2], [3]]), "[(None, 2), (3,)]");
  assert.equal(await output({ a: [null, 2], b: [1] }), "a: (None, 2), b: (1,)");
});

test("an input layer has no input shape", async () => {
  const description = {
    name: "m",
    layers: [{ name: "i", className: "InputLayer", outputShape: [null, 2] }],
    edges: [],
  };
  const boxes = await boxesOf({ showShapes: true }, description);
  assert.deepEqual(boxes["i"], ["InputLayer", "Output shape:", "(None, 2)"]);
});

test("a model inside a model is one box, or drawn open with edges to and from its ends", async () => {
  const nested: ModelDescription = {
    name: "outer",
    layers: [
      { name: "first", className: "Dense", outputShape: null },
      { name: "inner", className: "Sequential", outputShape: null, model },
      { name: "last", className: "Dense", outputShape: null },
    ],
    edges: [
      ["first", "inner"],
      ["inner", "last"],
    ],
  };
  const edges = async (options: object) =>
    readDrawing(await modelPicture(nested, options).svg()).edges.map(({ from, to }) => [from, to]);
  assert.deepEqual(await edges({}), nested.edges);
  assert.deepEqual(await edges({ expandNested: true }), [
    ["first", "inner/dense"],
    ["inner/dense", "inner/dense_1"],
    ["inner/dense_1", "last"],
  ]);
  assert.match(await modelPicture(nested, { expandNested: true }).svg(), /class="cluster"/);
});

test("an unknown option and an edge to no layer are errors", () => {
  assert.throws(() => modelPicture(model, { showShape: true } as object), {
    name: "ValueError",
    message: /unknown option showShape; there are showShapes/,
  });
  assert.throws(() => modelPicture({ ...model, edges: [["dense", "nowhere"]] }), {
    message: /no layer nowhere/,
  });
});

test("the picture says what it is", () => {
  assert.equal(String(modelPicture(model)), "<Picture of model sequential, 2 layers>");
});
