/**
 * @file Cases of branches.
 */
import { specOf } from "../core/spec.js";
import { casesOf } from "../testing/opCase.js";
import * as room from "./condOp.js";
import { Body } from "./loopBody.js";

const vector = specOf([2], "float64");
const cube = new Body([vector], ([x]) => x!.mul(x!).mul(x!));
const product = new Body([vector, vector], ([y, z]) => y!.mul(z!));
const attrs = room.condAttrs(cube, product, 1);

const rest = [
  [0.5, -2],
  [1.5, 3],
  [-0.5, 0.25],
];

export const cases = casesOf(room, {
  condOp: [
    { inputs: [1, ...rest], attrs, dtypes: ["float64"], wrt: [1, 2, 3] },
    { inputs: [0, ...rest], attrs, dtypes: ["float64"], wrt: [1, 2, 3] },
  ],
});
