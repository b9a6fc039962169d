/**
 * @file Loops in traced functions that run while a condition holds: an op with two graphs inside, which the host runs in turn.
 */
import { applyMany } from "../core/apply.js";
import { compiledBody } from "../core/compiledBody.js";
import { opaque } from "../core/kinds.js";
import type { Op } from "../core/op.js";
import { withoutRecording } from "../core/recorder.js";
import { type Spec, specOf, specOfValue } from "../core/spec.js";
import { GradientTape } from "../core/tape.js";
import { Tensor } from "../core/tensor.js";
import type { Graph } from "../ir/graph.js";
import { anyValues, isFloat, ownTensor, putResults } from "./hostValues.js";
import { Body } from "./loopBody.js";
import { applyScan } from "./scanLoop.js";

type OpGraph = Graph<Op>;

/**
 * Inputs: the first states, what the condition captures, what the body captures. Outputs: the last states, and how many rounds
 * there were.
 */
interface WhileAttrs {
  readonly cond: OpGraph;
  readonly body: OpGraph;
  readonly states: number;
  /** How many captured inputs are the condition's. */
  readonly split: number;
  readonly limit: number;
  readonly outputs: readonly Spec[];
}

/**
 * The derivative of a loop of which it is known how often it ran, as often differentiated as `taken` has numbers. Inputs of
 * that loop: the number of rounds, the first states, what the body captures. Inputs of a derivative: those of what it is the
 * derivative of, and gradients of that one's float outputs. Outputs: gradients of that one's float inputs.
 */
interface WhileGradAttrs {
  readonly body: OpGraph;
  readonly states: number;
  /** How many of the inputs are the loop's, how many those of the first derivative, of the second, … */
  readonly taken: readonly number[];
  readonly outputs: readonly Spec[];
}

interface Saved {
  readonly inputs: readonly Tensor[];
  readonly outputs: readonly Tensor[];
}

const COUNT = specOf([], "int32");

const whileRecord = opaque({
  ...anyValues,
  name: "While",
  kernel: (inputs, outputs, attrs: WhileAttrs) =>
    putResults(outputs, lastStates(inputs.map(ownTensor), attrs)),
  grad: (dys: Tensor[], saved, { attrs }) => ({
    values: whileGradients(saved as unknown as Saved, dys, attrs) as never,
  }),
});

export const whileOp: Op = { ...whileRecord, save: (inputs, outputs) => ({ inputs, outputs }) as never };

/** Runs the rounds. */
function lastStates(inputs: readonly Tensor[], { cond, body, states, split, limit }: WhileAttrs): Tensor[] {
  const forCond = inputs.slice(states, states + split);
  const forBody = inputs.slice(states + split);
  const [test, step] = [compiledBody("While", cond), compiledBody("While", body)];
  let current = inputs.slice(0, states);
  let round = 0;
  for (; round < limit && test.run([...current, ...forCond])[0]!.first !== 0; round++)
    current = step.run([...current, ...forBody]);
  return [...current, new Tensor(round, COUNT)];
}

/**
 * Runs a body while a condition holds.
 *
 * @param first  the first states, variables among them behind the others
 * @param limit  how many rounds at most
 * @returns      the last states
 */
export function applyWhile(cond: Body, body: Body, first: readonly Tensor[], limit: number): Tensor[] {
  const attrs = whileAttrs(cond, body, first.length, limit);
  return applyMany(whileOp, [...first, ...cond.captured, ...body.captured], attrs).slice(0, first.length);
}

/** The attributes of a loop with so many states. */
export const whileAttrs = (
  cond: Body,
  body: Body,
  states: number,
  limit: number,
  split: number = cond.captured.length,
): WhileAttrs => ({
  cond: cond.graph,
  body: body.graph,
  states,
  split,
  limit,
  outputs: [...body.graph.outputs.map(specOfValue), COUNT],
});

/** The body of a loop; one whose sizes were open when it was traced has another graph now, which is replayed. */
const bodyOf = (graph: OpGraph, states: number): Body => Body.of(graph, { states, varying: states });

/** What the condition captures has no gradient: it only says how many rounds there are. */
function whileGradients(
  { inputs, outputs }: Saved,
  dys: readonly Tensor[],
  { body, states, split }: WhileAttrs,
): (Tensor | null)[] {
  // An op in the body that has no gradient is an error here, not when the program runs.
  void bodyOf(body, states).gradient;
  const count = outputs[states]!;
  const given = [count, ...inputs.slice(0, states), ...inputs.slice(states + split)];
  const attrs = { body, states, taken: [], outputs: [] };
  const [, ...grads] = derivative(given, dys.slice(0, states), attrs);
  return [...grads.slice(0, states), ...new Array<null>(split).fill(null), ...grads.slice(states)];
}

/** Gradients of the inputs of a loop, or of a derivative of one, null for those that are no floats. */
function derivative(
  inputs: readonly Tensor[],
  dys: readonly Tensor[],
  { body, states, taken }: WhileGradAttrs,
): (Tensor | null)[] {
  const outputs = inputs.filter(isFloat).map(({ spec }) => spec);
  const attrs: WhileGradAttrs = { body, states, taken: [...taken, inputs.length], outputs };
  const grads = applyMany(whileGradOp, [...inputs, ...dys.filter(isFloat)], attrs);
  let next = 0;
  return inputs.map((input) => (isFloat(input) ? grads[next++]! : null));
}

const whileGradRecord = opaque({
  ...anyValues,
  name: "WhileGrad",
  kernel: (inputs, outputs, attrs: WhileGradAttrs) =>
    putResults(
      outputs,
      withoutRecording(() => differentiated(inputs.map(ownTensor), attrs, attrs.taken)),
    ),
  grad: (dys: Tensor[], saved, { attrs }) => ({
    values: derivative((saved as unknown as Saved).inputs, dys, attrs) as never,
  }),
});

export const whileGradOp: Op = { ...whileGradRecord, save: (inputs) => ({ inputs }) as never };

/**
 * Now that the number of rounds is known, the loop is a scan over no slices, which has gradients of any order: tapes one inside
 * the other ask for them. The bodies of the scans that go back are made the first time and compiled.
 */
function differentiated(
  given: readonly Tensor[],
  attrs: WhileGradAttrs,
  taken: readonly number[],
): readonly Tensor[] {
  const { body, states } = attrs;
  if (taken.length === 0) {
    const [count, ...inputs] = given;
    const layout = { states, sliced: 0, count: count!.first, reverse: false };
    return applyScan(bodyOf(body, states), layout, inputs).slice(0, states);
  }
  const inputs = given.slice(0, taken.at(-1));
  const sources = inputs.filter(isFloat);
  const tape = new GradientTape();
  const results = tape.record(() => {
    tape.watch(sources);
    return differentiated(inputs, attrs, taken.slice(0, -1));
  });
  return tape.gradient(results.filter(isFloat), sources, {
    outputGradients: given.slice(inputs.length),
    unconnectedGradients: "zero",
  });
}
