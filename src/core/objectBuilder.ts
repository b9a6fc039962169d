/**
 * @file Builds `{ x, y }` from positional tensors, without per-call loops where the host can compile code.
 */
import { compileText } from "./compileText.js";
import type { Tensor } from "./tensor.js";

type Save = (inputs: readonly Tensor[], outputs: readonly Tensor[]) => Record<string, Tensor>;

const NOTHING: Record<string, Tensor> = Object.freeze({});

/** A function that picks the saved tensors of one op into an object. */
export function objectBuilder(inputs: readonly string[], saves: readonly string[]): Save {
  if (saves.length === 0) return () => NOTHING;
  const places = saves.map((name) => {
    const input = inputs.indexOf(name);
    return input >= 0
      ? { list: "inputs", index: input, name }
      : { list: "outputs", index: Number(name.slice(1) || 0), name };
  });
  const fields = places.map(({ name, list, index }) => `${JSON.stringify(name)}: ${list}[${index}]`);
  const compiled = compileText<Save>(["inputs", "outputs"], `return { ${fields.join(", ")} };`);
  if (compiled) return compiled;
  return (ins, outs) => {
    const saved: Record<string, Tensor> = {};
    for (const { name, list, index } of places) saved[name] = (list === "inputs" ? ins : outs)[index]!;
    return saved;
  };
}
