/**
 * @file What layers say when something would silently go wrong.
 */
import { ValueError } from "../../core/errors.js";

/** Of a layer only its names are needed. */
interface Named {
  readonly name: string;
  readonly constructor: Function;
}

export const unreachedVariable = (layer: Named): ValueError =>
  new ValueError(
    `${layer.constructor.name} '${layer.name}' uses a trainable variable that its properties do not hold, so training ` +
      "would not change it. Make it with `this.addWeight(...)`, or keep it in a public property: `this.w = variable`.",
  );

export const unreachedLayer = (parent: Named, layer: Named): ValueError =>
  new ValueError(
    `${parent.constructor.name} '${parent.name}' calls ${layer}, which its properties do not hold, so training would ` +
      "not change its weights. Make it in the constructor and keep it in a public property (not `#private`, not a " +
      `closure): \`this.layer = new ${layer.constructor.name}(...)\`.`,
  );

export const lostMask = (layer: Named): string =>
  `Layer '${layer.name}' (of type ${layer.constructor.name}) was passed an input with a mask attached to it. ` +
  "However, this layer does not support masking and will therefore destroy the mask information. " +
  "Downstream layers will not see the mask.";
