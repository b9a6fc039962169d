/**
 * @file Cases of loops that run while a condition holds, and of their derivatives.
 */
import { specOf } from "../core/spec.js";
import { casesOf } from "../testing/opCase.js";
import { less } from "./comparison.js";
import { Body } from "./loopBody.js";
import * as room from "./whileOp.js";

const scalar = specOf([], "float64");

/** x ← x·w + 1 while x < limit. */
const cond = new Body([scalar, scalar], ([x, limit]) => less(x!, limit!), { states: 1, varying: 1 });
const body = new Body([scalar, scalar], ([x, w]) => x!.mul(w!).add(1), { states: 1, varying: 1 });
const attrs = room.whileAttrs(cond, body, 1, Number.POSITIVE_INFINITY, 1);
const gradient = { body: body.graph, states: 1, taken: [3], outputs: [scalar, scalar, scalar] };

export const cases = casesOf(room, {
  whileOp: [
    { inputs: [0.5, 20, 1.5], attrs, dtypes: ["float64"], wrt: [0, 2] },
    { inputs: [30, 20, 1.5], attrs, dtypes: ["float64"], wrt: [0, 2] },
  ],
  whileGradOp: [
    { inputs: [3, 0.5, 1.5, 1], attrs: gradient, dtypes: ["float64"], wrt: [1, 2, 3] },
    { inputs: [0, 0.5, 1.5, 1], attrs: gradient, dtypes: ["float64"], wrt: [1, 2, 3] },
  ],
});
