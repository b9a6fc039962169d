/** @file The optimizers to choose from. */
import type { Surface } from "./surfaces.js";

export interface Walker {
  readonly title: string;
  readonly color: string;
  /** What its step size multiplies: the gradient, or a step whose length hardly depends on it. */
  readonly steps: keyof Surface["rates"];
  /** How many times the surface's step size suits it. */
  readonly times: number;
}

export const walkers: Readonly<Record<string, Walker>> = {
  sgd: {
    title: "SGD",
    color: "#1f77b4",
    steps: "gradient",
    times: 1,
  },
  momentum: {
    title: "SGD with momentum 0.9",
    color: "#ff7f0e",
    steps: "gradient",
    times: 1,
  },
  nesterov: {
    title: "SGD with Nesterov momentum 0.9",
    color: "#2ca02c",
    steps: "gradient",
    times: 1,
  },
  adagrad: {
    title: "Adagrad",
    color: "#8c564b",
    steps: "normalized",
    times: 5,
  },
  rmsprop: {
    title: "RMSprop",
    color: "#d62728",
    steps: "normalized",
    times: 0.1,
  },
  adam: {
    title: "Adam",
    color: "#9467bd",
    steps: "normalized",
    times: 1,
  },
  adamax: {
    title: "Adamax",
    color: "#e377c2",
    steps: "normalized",
    times: 2,
  },
  lion: {
    title: "Lion",
    color: "#17becf",
    steps: "normalized",
    times: 0.1,
  },
};

/** The step size that suits a walker on a surface. */
export const suitableRate = (walker: Walker, surface: Surface): number =>
  Number((surface.rates[walker.steps] * walker.times).toPrecision(2));
