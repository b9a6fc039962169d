/**
 * @file Composite ops run their body; nothing inside is recorded, because the op has a gradient of its own.
 */
import type { CompositeOp, Runner } from "../core/op.js";
import { withoutRecording } from "../core/recorder.js";

export const bindComposite =
  (op: CompositeOp): Runner =>
  (inputs, attrs) => {
    op.infer(
      inputs.map((input) => input.spec),
      attrs,
    );
    return withoutRecording(() => op.body(inputs, attrs));
  };
