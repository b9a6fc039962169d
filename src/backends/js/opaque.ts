/**
 * @file Opaque ops in JavaScript: the record's own reference kernel over freshly made outputs.
 */
import { arrayConstructor } from "../../core/dtype.js";
import type { Flat, OpaqueOp, Runner } from "../../core/op.js";
import { Tensor } from "../../core/tensor.js";

const flat = (tensor: Tensor): Flat => ({ data: tensor.storage, shape: tensor.shape, dtype: tensor.dtype });

export const bindOpaque =
  (op: OpaqueOp): Runner =>
  (inputs, attrs) => {
    const specs = op.infer(
      inputs.map((input) => input.spec),
      attrs,
    );
    const outputs = specs.map((spec) => new Tensor(new (arrayConstructor(spec.dtype))(spec.size), spec));
    op.kernel(inputs.map(flat), outputs.map(flat), attrs);
    return op.multiple ? outputs : outputs[0]!;
  };
