/**
 * @file Cases of loops that run while a condition holds. Their gradients have no gradients.
 */
import { specOf } from "../core/spec.js";
import { casesOf } from "../testing/opCase.js";
import { less } from "./comparison.js";
import { Body } from "./loopBody.js";
import * as room from "./whileOp.js";

const scalar = specOf([], "float64");

/** x ← x·w + 1 while x < limit. */
const cond = new Body("whileLoop", [scalar, scalar], ([x, limit]) => less(x!, limit!));
const body = new Body("whileLoop", [scalar, scalar], ([x, w]) => x!.mul(w!).add(1));
const attrs = room.whileAttrs(cond, body, 1, 1, Number.POSITIVE_INFINITY);
const gradient = {
  ...attrs,
  pullback: body.pullback,
  sources: body.gradient.sources,
  outputs: [scalar, scalar],
};

export const cases = casesOf(room, {
  whileOp: [
    { inputs: [0.5, 20, 1.5], attrs, dtypes: ["float64"], orders: 1, wrt: [0, 2] },
    { inputs: [30, 20, 1.5], attrs, dtypes: ["float64"], orders: 1, wrt: [0, 2] },
  ],
  whileGradOp: [{ inputs: [0.5, 20, 1.5, 1], attrs: gradient, dtypes: ["float64"], orders: 0 }],
});
