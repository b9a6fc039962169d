/**
 * @file The one eager device: every op at once, on the CPU: small ones in JavaScript, large ones in WebAssembly.
 */

import { bindContraction } from "../backends/js/contraction.js";
import { bindElementwise } from "../backends/js/elementwise.js";
import { bindOpaque } from "../backends/js/opaque.js";
import { bindReduction } from "../backends/js/reduction.js";
import { bindView } from "../backends/js/view.js";
import type { Op, Runner } from "../core/op.js";
import { bindComposite } from "./composite.js";
import { withLarge } from "./large.js";

/** The runner of an op; asked for once per op. */
export const bindEager = (op: Op): Runner => withLarge(op, bindSmall(op));

function bindSmall(op: Op): Runner {
  switch (op.kind) {
    case "elementwise":
      return bindElementwise(op);
    case "reduction":
      return bindReduction(op);
    case "view":
      return bindView(op);
    case "contraction":
      return bindContraction(op);
    case "composite":
      return bindComposite(op);
    case "opaque":
      return bindOpaque(op);
  }
}
