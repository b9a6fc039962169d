/** @file The surfaces to choose from. */

/** The part of the plane that is shown. */
export interface View {
  readonly x: readonly [number, number];
  readonly y: readonly [number, number];
}

export interface Surface {
  readonly title: string;
  readonly formula: string;
  readonly view: View;
  readonly start: readonly [number, number];
  /** Step sizes that suit: for steps in proportion to the gradient, and for steps of the step size's own length. */
  readonly rates: { readonly gradient: number; readonly normalized: number };
}

export const surfaces: Readonly<Record<string, Surface>> = {
  bowl: {
    title: "Bowl (the gradients lesson)",
    formula: "(x - 1)^2 + (y - 1)^2",
    view: { x: [-3, 4], y: [-3, 4] },
    start: [-2.5, 3],
    rates: { gradient: 0.05, normalized: 0.1 },
  },
  valley: {
    title: "Narrow valley",
    formula: "(x^2 + 25*y^2) / 2",
    view: { x: [-10, 4], y: [-4, 4] },
    start: [-9, 2.5],
    rates: { gradient: 0.02, normalized: 0.2 },
  },
  rosenbrock: {
    title: "Rosenbrock",
    formula: "(1 - x)^2 + 100*(y - x^2)^2",
    view: { x: [-2, 2], y: [-1, 3] },
    start: [-1.5, 2],
    rates: { gradient: 0.001, normalized: 0.1 },
  },
  himmelblau: {
    title: "Himmelblau",
    formula: "(x^2 + y - 11)^2 + (x + y^2 - 7)^2",
    view: { x: [-6, 6], y: [-6, 6] },
    start: [-0.5, -1],
    rates: { gradient: 0.01, normalized: 0.1 },
  },
  beale: {
    title: "Beale",
    formula: "(1.5 - x + x*y)^2 + (2.25 - x + x*y^2)^2 + (2.625 - x + x*y^3)^2",
    view: { x: [-4.5, 4.5], y: [-4.5, 4.5] },
    start: [1, 1.5],
    rates: { gradient: 0.001, normalized: 0.05 },
  },
  rastrigin: {
    title: "Rastrigin",
    formula: "20 + x^2 + y^2 - 10*cos(2*pi*x) - 10*cos(2*pi*y)",
    view: { x: [-5.12, 5.12], y: [-5.12, 5.12] },
    start: [3.3, -2.7],
    rates: { gradient: 0.002, normalized: 0.1 },
  },
};

export const firstSurface = "rosenbrock";
