/**
 * @file Scans in traced functions: one op with a body, however many slices there are.
 */
import { applyMany } from "../core/apply.js";
import { compiledBody } from "../core/compiledBody.js";
import { opaque } from "../core/kinds.js";
import type { Flat, Op } from "../core/op.js";
import { activeRecorders } from "../core/recorder.js";
import { type Spec, specOf, specOfValue } from "../core/spec.js";
import { Tensor } from "../core/tensor.js";
import type { Loop } from "../ir/loop.js";
import { zeros } from "./creation.js";
import { Body } from "./loopBody.js";

/** How the inputs of a body are laid out, and how often it runs. */
export type ScanLayout = Pick<Loop<Op>, "states" | "sliced" | "count" | "reverse">;

export interface ScanAttrs {
  readonly loop: Loop<Op>;
  readonly outputs: readonly Spec[];
  readonly body: Body;
  /** Whether what the gradient needs is collected too, behind all else. */
  readonly linear: boolean;
}

interface Saved {
  readonly inputs: readonly Tensor[];
  readonly outputs: readonly Tensor[];
}

const record = opaque({
  name: "Scan",
  inputs: ["values"],
  roles: { values: "any" },
  accepts: "any",
  variadic: true,
  multiple: true,
  loop: true,
  infer: (_, { outputs }: ScanAttrs) => outputs,
  kernel: (inputs, outputs, { loop }) => runRounds(loop, inputs, outputs),
  grad: (dys: Tensor[], saved, { attrs }) => ({
    values: scanGradients(saved as unknown as Saved, dys, attrs) as never,
  }),
});

/** A loop over slices. The gradient may need any of its inputs and outputs. */
export const scanOp: Op = { ...record, save: (inputs, outputs) => ({ inputs, outputs }) as never };

const stacked = (spec: Spec, count: number): Spec => specOf([count, ...spec.shape], spec.dtype);

/** Residuals that are slices themselves: their arrays are there already. */
function collectedResiduals({ gradient, graph }: Body, { states, sliced }: ScanLayout) {
  const slices = graph.inputs.slice(states, states + sliced);
  return gradient.residuals.filter((value) => !slices.includes(value));
}

/**
 * Runs a body over slices.
 *
 * @param inputs  first states, arrays to slice, captured values
 * @returns       last states, then what the body gives beside its states, stacked
 */
export function applyScan(body: Body, layout: ScanLayout, inputs: readonly Tensor[]): Tensor[] {
  return applyLoop(body, layout, inputs, activeRecorders().length > 0);
}

function applyLoop(body: Body, layout: ScanLayout, inputs: readonly Tensor[], linear: boolean): Tensor[] {
  const { graph } = body;
  const results = linear ? [...graph.outputs, ...collectedResiduals(body, layout)] : graph.outputs;
  const outputs = results.map((value, k) =>
    k < layout.states ? specOfValue(value) : stacked(specOfValue(value), layout.count),
  );
  const loop = { ...layout, body: { ...graph, outputs: results } };
  const attrs: ScanAttrs = { loop, outputs, body, linear };
  return applyMany(scanOp, [...inputs], linear ? { ...attrs, recorded: recordedLoop(body, layout) } : attrs);
}

/** The reference: the body's program, round by round. */
function runRounds(loop: Loop<Op>, inputs: readonly Flat[], outputs: readonly Flat[]): void {
  const { body, states, sliced, count, reverse } = loop;
  const program = compiledBody("Scan", body);
  let current = inputs.slice(0, states).map(tensorOf);
  const captured = inputs.slice(states + sliced).map(tensorOf);
  for (let round = 0; round < count; round++) {
    const place = reverse ? count - 1 - round : round;
    const slices = inputs.slice(states, states + sliced).map((flat) => sliceOf(flat, place, count));
    const results = program.run([...current, ...slices, ...captured]);
    current = results.slice(0, states);
    results.slice(states).forEach((result, k) => {
      outputs[states + k]!.data.set(result.storage, place * result.spec.size);
    });
  }
  current.forEach((tensor, i) => {
    outputs[i]!.data.set(tensor.storage);
  });
}

const tensorOf = ({ data, shape, dtype }: Flat): Tensor => new Tensor(data, specOf(shape, dtype));

function sliceOf({ data, shape, dtype }: Flat, place: number, count: number): Tensor {
  const size = data.length / count;
  return new Tensor(data.subarray(place * size, (place + 1) * size), specOf(shape.slice(1), dtype));
}

/**
 * What a scan gives, and what its gradient needs behind it. Where the gradient is differentiated too, both come from a loop
 * that gives them as results of its own, so that derivatives flow through them.
 */
function collections(
  body: Body,
  layout: ScanLayout,
  inputs: readonly Tensor[],
  known: readonly Tensor[] | null,
): readonly Tensor[] {
  if (activeRecorders().length === 0) return known ?? applyLoop(body, layout, inputs, true);
  let extended = extendedBodies.get(body);
  if (extended === undefined) {
    const outputs = [...body.graph.outputs, ...collectedResiduals(body, layout)];
    extendedBodies.set(body, (extended = Body.of("scan", { ...body.graph, outputs })));
  }
  return applyScan(extended, layout, inputs);
}

/** A linear loop in a graph that is replayed under tapes. */
const recordedLoop = (body: Body, layout: ScanLayout) => (inputs: readonly Tensor[]) => [
  ...collections(body, layout, inputs, null),
];

const extendedBodies = new WeakMap<Body, Body>();

/** The gradients of all inputs of a scan: a scan the other way. */
function scanGradients(
  { inputs, outputs }: Saved,
  dys: readonly Tensor[],
  attrs: ScanAttrs,
): (Tensor | null)[] {
  const { loop, body, linear } = attrs;
  const all = collections(body, loop, inputs, linear ? outputs : null);
  const backward = backwardOf(body, loop);
  const { graph, gradient } = body;
  const collected = all.slice(
    graph.outputs.length,
    graph.outputs.length + collectedResiduals(body, loop).length,
  );
  const residualArrays = gradient.residuals.map((value) => {
    const slice = graph.inputs.indexOf(value);
    const isSlice = slice >= loop.states && slice < loop.states + loop.sliced;
    return isSlice ? inputs[slice]! : collected.shift()!;
  });
  const { states: stateTargets, collected: collectedTargets, sums } = backward;
  const first = [
    ...stateTargets.map((k) => dys[k]!),
    ...sums.map((i) => zeros(inputs[i]!.shape, inputs[i]!.dtype)),
  ];
  const sliced = [...collectedTargets.map((k) => dys[k]!), ...residualArrays];
  const captured = gradient.needed.map((i) => inputs[i]!);
  const layout = { states: first.length, sliced: sliced.length, count: loop.count, reverse: !loop.reverse };
  const results = applyScan(backward.body, layout, [...first, ...sliced, ...captured]);
  const grads: (Tensor | null)[] = inputs.map(() => null);
  stateTargets.forEach((k, at) => {
    grads[k] = results[at]!;
  });
  sums.forEach((i, at) => {
    grads[i] = results[stateTargets.length + at]!;
  });
  backward.slices.forEach((i, at) => {
    grads[i] = results[first.length + at]!;
  });
  return grads;
}

/** The body of the loop that goes back. */
interface Backward {
  readonly body: Body;
  /** Which states have gradients, and which collections. */
  readonly states: readonly number[];
  readonly collected: readonly number[];
  /** Captured inputs, whose gradients are summed over the rounds; sliced inputs, whose gradients are collected. */
  readonly sums: readonly number[];
  readonly slices: readonly number[];
}

const backwards = new WeakMap<Body, Backward>();

function backwardOf(body: Body, layout: ScanLayout): Backward {
  let backward = backwards.get(body);
  if (backward === undefined) backwards.set(body, (backward = makeBackward(body, layout)));
  return backward;
}

function makeBackward(body: Body, { states, sliced }: ScanLayout): Backward {
  const { gradient, graph } = body;
  const stateTargets = gradient.targets.filter((k) => k < states);
  const collected = gradient.targets.filter((k) => k >= states);
  const sums = gradient.sources.filter((i) => i >= states + sliced);
  const slices = gradient.sources.filter((i) => i >= states && i < states + sliced);
  const specs = [
    ...stateTargets.map((k) => graph.outputs[k]!),
    ...sums.map((i) => graph.inputs[i]!),
    ...collected.map((k) => graph.outputs[k]!),
    ...gradient.residuals,
    ...gradient.needed.map((i) => graph.inputs[i]!),
  ].map(specOfValue);
  const step = (given: readonly Tensor[]): Tensor[] => {
    const rest = [...given];
    const take = (count: number): Tensor[] => rest.splice(0, count);
    const dStates = take(stateTargets.length);
    const before = take(sums.length);
    const dys = [...dStates, ...take(collected.length)];
    const grads = body.pull(take(gradient.residuals.length), rest, dys);
    const gradOf = (i: number): Tensor | undefined => grads[gradient.sources.indexOf(i)];
    const next = stateTargets.map((k) => gradOf(k) ?? zeros(graph.inputs[k]!.shape, graph.inputs[k]!.dtype));
    return [...next, ...sums.map((i, at) => before[at]!.add(gradOf(i)!)), ...slices.map((i) => gradOf(i)!)];
  };
  return { body: new Body("scan", specs, step), states: stateTargets, collected, sums, slices };
}
