/**
 * @file Built-in gradient rules in the form that users call: `(op, ...dys) => gradients`.
 */

import { engine } from "./engine.js";
import type { GradContext, LazyGrad, Op } from "./op.js";
import type { GradientHandler, RecordedOp } from "./registry.js";
import { sameShape } from "./shape.js";

/** What a rule asks of the op, answered from its kept inputs and outputs. */
function contextOf(op: Op, recorded: RecordedOp): GradContext {
  const input = (name: string) => recorded.inputs[op.inputs.indexOf(name)]!;
  return {
    attrs: recorded.attrs,
    shapeOf: (name) => input(name).shape,
    dtypeOf: (name) => input(name).dtype,
    outputShape: (index = 0) => recorded.outputs[index]!.shape,
    inputCount: recorded.inputs.length,
    shapeAt: (i) => recorded.inputs[i]!.shape,
  };
}

/** The handler that the registry lists for a built-in op. */
export function handlerOf(op: Op): GradientHandler {
  return (recorded, ...dys) => {
    const saved = op.save(recorded.inputs, recorded.outputs);
    const rule = op.grad!(op.multiple ? dys : dys[0], saved, contextOf(op, recorded));
    return recorded.inputs.map((input, i) => {
      const lazy = op.variadic ? (rule[op.inputs[0]!] as unknown as LazyGrad[])[i] : rule[op.inputs[i]!];
      const grad = (typeof lazy === "function" ? lazy() : lazy) ?? null;
      if (grad === null || op.kind !== "elementwise" || sameShape(grad.shape, input.shape)) return grad;
      return engine.sumTo(grad.asTensor(), input.shape);
    });
  };
}
