/**
 * @file Loops in traced functions that run while a condition holds: an op with two graphs inside, which the host runs in turn.
 */
import { applyMany } from "../core/apply.js";
import { compiledBody } from "../core/compiledBody.js";
import { GradientError } from "../core/errors.js";
import { opaque } from "../core/kinds.js";
import type { Op } from "../core/op.js";
import { type Spec, specOfValue } from "../core/spec.js";
import type { Tensor } from "../core/tensor.js";
import type { Graph } from "../ir/graph.js";
import { zeros } from "./creation.js";
import { anyValues, isFloat, ownTensor, putResults } from "./hostValues.js";
import { Body } from "./loopBody.js";

type OpGraph = Graph<Op>;

/** Inputs: the first states, what the condition captures, what the body captures. Outputs: the last states. */
interface WhileAttrs {
  readonly cond: OpGraph;
  readonly body: OpGraph;
  readonly states: number;
  /** How many captured inputs are the condition's. */
  readonly split: number;
  readonly limit: number;
  readonly outputs: readonly Spec[];
}

/** Inputs: those of the loop, gradients of its float states. Outputs: gradients of float first states and captured values. */
interface WhileGradAttrs extends WhileAttrs {
  /** From a body's inputs and the gradients of its float states to those of the inputs in `sources`. */
  readonly pullback: OpGraph;
  readonly sources: readonly number[];
}

/** The states of all rounds: the first ones first, the last ones last. */
function rounds(inputs: readonly Tensor[], { cond, body, states, split, limit }: WhileAttrs): Tensor[][] {
  const forCond = inputs.slice(states, states + split);
  const forBody = inputs.slice(states + split);
  const [test, step] = [compiledBody("While", cond), compiledBody("While", body)];
  const all = [inputs.slice(0, states)];
  for (let round = 0; round < limit; round++) {
    const current = all.at(-1)!;
    if (test.run([...current, ...forCond])[0]!.first === 0) break;
    all.push(step.run([...current, ...forBody]));
  }
  return all;
}

const whileRecord = opaque({
  ...anyValues,
  name: "While",
  kernel: (inputs, outputs, attrs: WhileAttrs) =>
    putResults(outputs, rounds(inputs.map(ownTensor), attrs).at(-1)!),
  grad: (dys: Tensor[], saved, { attrs }) => ({
    values: whileGradients((saved as unknown as { inputs: readonly Tensor[] }).inputs, dys, attrs) as never,
  }),
});

export const whileOp: Op = { ...whileRecord, save: (inputs) => ({ inputs }) as never };

/** Runs a body while a condition holds, `limit` times at most. */
export function applyWhile(cond: Body, body: Body, first: readonly Tensor[], limit: number): Tensor[] {
  const attrs = whileAttrs(cond, body, first.length, cond.captured.length, limit);
  return applyMany(whileOp, [...first, ...cond.captured, ...body.captured], attrs);
}

/** The attributes of a loop with so many states, whose condition captures `split` values. */
export const whileAttrs = (
  cond: Body,
  body: Body,
  states: number,
  split: number,
  limit: number,
): WhileAttrs => ({
  cond: cond.graph,
  body: body.graph,
  states,
  split,
  limit,
  outputs: body.graph.outputs.map(specOfValue),
});

function whileGradients(
  inputs: readonly Tensor[],
  dys: readonly Tensor[],
  attrs: WhileAttrs,
): (Tensor | null)[] {
  const body = Body.of("whileLoop", attrs.body);
  const { states, split } = attrs;
  const wrt = inputs
    .map((_, i) => i)
    .filter((i) => isFloat(inputs[i]!.spec) && (i < states || i >= states + split));
  const outputs = wrt.map((i) => inputs[i]!.spec);
  const { sources } = body.gradient;
  const all: WhileGradAttrs = { ...attrs, pullback: body.pullback, sources, outputs };
  const results = applyMany(whileGradOp, [...inputs, ...dys.filter(isFloat)], all);
  const grads: (Tensor | null)[] = inputs.map(() => null);
  for (const [k, i] of wrt.entries()) grads[i] = results[k]!;
  return grads;
}

/** Back through the rounds: they are run again with their states kept, and differentiated one by one. */
export const whileGradOp = opaque({
  ...anyValues,
  name: "WhileGrad",
  kernel: (inputs, outputs, attrs: WhileGradAttrs) =>
    putResults(outputs, backwardRounds(inputs.map(ownTensor), attrs)),
  grad: () => {
    throw new GradientError(
      "whileLoop: there is no second derivative in a traced function; use tf.scan where the number of rounds is known",
    );
  },
});

function backwardRounds(given: readonly Tensor[], attrs: WhileGradAttrs): Tensor[] {
  const { states, split, pullback, sources } = attrs;
  const floats = given
    .slice(0, states)
    .map((_, i) => i)
    .filter((i) => isFloat(given[i]!.spec));
  const inputs = given.slice(0, given.length - floats.length);
  const captured = inputs.slice(states + split);
  const all = rounds(inputs, attrs);
  const program = compiledBody("WhileGrad", pullback);
  let dys = given.slice(inputs.length);
  let sums = captured.map(({ spec }) => (isFloat(spec) ? zeros(spec.shape, spec.dtype) : null));
  for (let round = all.length - 2; round >= 0; round--) {
    const grads = program.run([...all[round]!, ...captured, ...dys]);
    const gradOf = (i: number): Tensor | null => grads[sources.indexOf(i)] ?? null;
    dys = floats.map((i, at) => gradOf(i) ?? zeros(dys[at]!.shape, dys[at]!.dtype));
    sums = sums.map((sum, k) => {
      const grad = gradOf(states + k);
      return sum === null || grad === null ? sum : sum.add(grad);
    });
  }
  return [...dys, ...sums.filter((sum) => sum !== null)];
}
