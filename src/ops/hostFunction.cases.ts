/**
 * @file Cases of functions of the host.
 */

import { ShapeError } from "../core/errors.js";
import { specOf } from "../core/spec.js";
import { TensorSpec } from "../core/tensorSpec.js";
import { casesOf, fails } from "../testing/opCase.js";
import * as room from "./hostFunction.js";

const attrs = {
  func: (x: { data(): ArrayLike<number> }) => Math.hypot(...Array.from(x.data())),
  output: new TensorSpec([], "float64"),
};

export const cases = casesOf(room, {
  hostFunctionOp: [
    { inputs: [[3, 4]], attrs, dtypes: ["float64", "float32", "int32"] },
    fails(ShapeError, () => room.pyFunction(() => [1, 2], [1], new TensorSpec(specOf([3], "float32").shape))),
  ],
});
