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
import type { Graph } from "../ir/graph.js";
import type { Loop } from "../ir/loop.js";
import { zeros } from "./creation.js";
import { anyValues, putResults } from "./hostValues.js";
import { Body } from "./loopBody.js";

type OpGraph = Graph<Op>;

/** How the inputs of a body are laid out, and how often it runs. */
export type ScanLayout = Pick<Loop<Op>, "states" | "sliced" | "count" | "reverse">;

export interface ScanAttrs {
  readonly loop: Loop<Op>;
  readonly outputs: readonly Spec[];
}

interface Saved {
  readonly inputs: readonly Tensor[];
  readonly outputs: readonly Tensor[];
}

const record = opaque({
  ...anyValues,
  name: "Scan",
  partial: true,
  loop: true,
  kernel: (inputs, outputs, { loop }: ScanAttrs) => runRounds(loop, inputs, outputs),
  grad: (dys: (Tensor | null)[], saved, { attrs }) => ({
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

/** @param linear  what the gradient needs is collected too, behind all else */
const applyLoop = (body: Body, layout: ScanLayout, inputs: readonly Tensor[], linear: boolean): Tensor[] =>
  applyMany(scanOp, [...inputs], scanAttrs(body, layout, linear));

/** The attributes of a loop with a body. */
export function scanAttrs(body: Body, layout: ScanLayout, linear: boolean): ScanAttrs {
  const graph = linear ? collectingGraph(body, layout) : body.graph;
  const outputs = graph.outputs.map((value, k) =>
    k < layout.states ? specOfValue(value) : stacked(specOfValue(value), layout.count),
  );
  const { states, sliced, count, reverse } = layout;
  return { loop: { states, sliced, count, reverse, body: graph }, outputs };
}

/** Bodies' graphs that also collect what the gradient needs, made once: each is compiled. And the other way round. */
const collecting = new WeakMap<Body, OpGraph>();
const collected = new WeakMap<OpGraph, Body>();

function collectingGraph(body: Body, layout: ScanLayout): OpGraph {
  let graph = collecting.get(body);
  if (graph === undefined) {
    const outputs = [...body.graph.outputs, ...collectedResiduals(body, layout)];
    collecting.set(body, (graph = { ...body.graph, outputs }));
    collected.set(graph, body);
  }
  return graph;
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
  putResults(outputs, current);
}

const tensorOf = ({ data, shape, dtype }: Flat): Tensor => new Tensor(data, specOf(shape, dtype));

function sliceOf({ data, shape, dtype }: Flat, place: number, count: number): Tensor {
  const size = data.length / count;
  return new Tensor(data.subarray(place * size, (place + 1) * size), specOf(shape.slice(1), dtype));
}

/**
 * The gradients of all inputs of a scan: a scan the other way. Where a gradient has come to what was collected for it too, it
 * is itself being differentiated: then the loop is seen as one that gives its collections as results.
 */
function scanGradients(
  saved: Saved,
  dys: readonly (Tensor | null)[],
  { loop }: ScanAttrs,
): (Tensor | null)[] {
  // A loop whose sizes were open when it was traced has another graph now, which is replayed.
  const { states, sliced } = loop;
  const body = collected.get(loop.body) ?? Body.of(loop.body, { states, varying: states + sliced });
  const results = body.graph.outputs.length;
  const again = (which: Body): Saved => ({ ...saved, outputs: applyLoop(which, loop, saved.inputs, true) });
  if (dys.slice(results).every((dy) => dy === null)) {
    // Written down where no tape listened: what the gradient needs was not collected.
    const isLinear = saved.outputs.length === results + collectedResiduals(body, loop).length;
    return wayBack(body, loop, isLinear ? saved : again(body), dys);
  }
  const extended = extendedBody(body, loop);
  return wayBack(extended, loop, again(extended), dys);
}

const extendedBodies = new WeakMap<Body, Body>();

/** The body with what its gradient needs among its results. */
function extendedBody(body: Body, layout: ScanLayout): Body {
  let extended = extendedBodies.get(body);
  if (extended === undefined) {
    const { states, sliced } = layout;
    const graph = { ...collectingGraph(body, layout) };
    extendedBodies.set(body, (extended = Body.of(graph, { states, varying: states + sliced })));
  }
  return extended;
}

/** Runs the loop that goes back. */
function wayBack(
  body: Body,
  loop: ScanLayout,
  { inputs, outputs }: Saved,
  dys: readonly (Tensor | null)[],
): (Tensor | null)[] {
  const { graph, gradient } = body;
  const backward = backwardOf(body, loop, dys);
  const residuals = outputs.slice(graph.outputs.length);
  const residualArrays = gradient.residuals.map((value) => {
    const slice = graph.inputs.indexOf(value);
    const isSlice = slice >= loop.states && slice < loop.states + loop.sliced;
    return isSlice ? inputs[slice]! : residuals.shift()!;
  });
  const zerosLike = ({ shape, dtype }: Tensor): Tensor => zeros(shape, dtype);
  const first = [
    ...backward.states.map((k) => dys[k] ?? zerosLike(outputs[k]!)),
    ...backward.sums.map((i) => zerosLike(inputs[i]!)),
  ];
  const sliced = [...backward.collected.map((k) => dys[k]!), ...residualArrays];
  const captured = gradient.needed.map((i) => inputs[i]!);
  const layout = { states: first.length, sliced: sliced.length, count: loop.count, reverse: !loop.reverse };
  const results = applyScan(backward.body, layout, [...first, ...sliced, ...captured]);
  const grads: (Tensor | null)[] = inputs.map(() => null);
  for (const [at, i] of [...backward.states, ...backward.sums, ...backward.slices].entries())
    grads[i] = results[at]!;
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

/** By which collections gradients have come to. */
const backwards = new WeakMap<Body, Map<string, Backward>>();

function backwardOf(body: Body, layout: ScanLayout, dys: readonly (Tensor | null)[]): Backward {
  const collected = body.gradient.targets.filter((k) => k >= layout.states && (dys[k] ?? null) !== null);
  let known = backwards.get(body);
  if (known === undefined) backwards.set(body, (known = new Map()));
  let backward = known.get(collected.join());
  if (backward === undefined) known.set(collected.join(), (backward = makeBackward(body, layout, collected)));
  return backward;
}

function makeBackward(body: Body, { states, sliced }: ScanLayout, collected: readonly number[]): Backward {
  const { gradient, graph } = body;
  const stateTargets = gradient.targets.filter((k) => k < states);
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
    const dCollected = take(collected.length);
    const dys = gradient.targets.map((k) => {
      if (k < states) return dStates[stateTargets.indexOf(k)]!;
      const { shape, dtype } = graph.outputs[k]!;
      return dCollected[collected.indexOf(k)] ?? zeros(shape, dtype);
    });
    const grads = body.pull(take(gradient.residuals.length), rest, dys);
    const gradOf = (i: number): Tensor | undefined => grads[gradient.sources.indexOf(i)];
    const next = stateTargets.map((k) => gradOf(k) ?? zeros(graph.inputs[k]!.shape, graph.inputs[k]!.dtype));
    return [...next, ...sums.map((i, at) => before[at]!.add(gradOf(i)!)), ...slices.map((i) => gradOf(i)!)];
  };
  return {
    body: new Body(specs, step, {
      states: stateTargets.length + sums.length,
      varying: specs.length - gradient.needed.length,
    }),
    states: stateTargets,
    collected,
    sums,
    slices,
  };
}
