/**
 * @file Running means, as the slots of optimizers keep them: of gradients and of their squares.
 */
import { elementwise } from "../../core/kinds.js";
import { type Lane, lane } from "../../ir/lane.js";

/** mean + (x − mean) · weight, rounded as Adam rounds it. */
const moved = (mean: Lane, x: Lane): Lane => lane.add(mean, lane.mul(lane.sub(x, mean), lane.attr("weight")));

export const moveMean = elementwise({
  name: "MoveMean",
  inputs: ["mean", "x"],
  lane: ({ mean, x }) => moved(mean, x),
  grad: null,
});

/** The same for squares. */
export const moveMeanSquare = elementwise({
  name: "MoveMeanSquare",
  inputs: ["mean", "x"],
  lane: ({ mean, x }) => moved(mean, lane.mul(x, x)),
  grad: null,
});

/** rho · mean + rest · x with rest = 1 − rho, rounded as two products and a sum. */
export const blended = (mean: Lane, x: Lane): Lane =>
  lane.add(lane.mul(lane.attr("rho"), mean), lane.mul(lane.attr("rest"), x));

export const blendMean = elementwise({
  name: "BlendMean",
  inputs: ["mean", "x"],
  lane: ({ mean, x }) => blended(mean, x),
  grad: null,
});

/** The same for squares. */
export const blendMeanSquare = elementwise({
  name: "BlendMeanSquare",
  inputs: ["mean", "x"],
  lane: ({ mean, x }) => blended(mean, lane.mul(x, x)),
  grad: null,
});
