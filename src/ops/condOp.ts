/**
 * @file Branches in traced functions: an op with two graphs inside, of which the host runs one.
 */
import { applyMany } from "../core/apply.js";
import { compiledBody } from "../core/compiledBody.js";
import { opaque } from "../core/kinds.js";
import type { Op } from "../core/op.js";
import { type Spec, specOfValue } from "../core/spec.js";
import type { Tensor } from "../core/tensor.js";
import type { Graph } from "../ir/graph.js";
import { zeros } from "./creation.js";
import { anyValues, isFloat, ownTensor, putResults } from "./hostValues.js";
import { Body } from "./loopBody.js";

type OpGraph = Graph<Op>;

interface Saved {
  readonly inputs: readonly Tensor[];
}

const withInputs = (op: Op): Op => ({ ...op, save: (inputs) => ({ inputs }) as never });

interface CondAttrs {
  readonly yes: OpGraph;
  readonly no: OpGraph;
  /** How many of the inputs behind the predicate are the first branch's. */
  readonly split: number;
  readonly outputs: readonly Spec[];
}

/** One of two graphs: inputs are the predicate, what the first reads, what the second reads. */
export const condOp: Op = withInputs(
  opaque({
    ...anyValues,
    name: "If",
    kernel: ([pred, ...inputs], outputs, { yes, no, split }: CondAttrs) => {
      const holds = pred!.data[0] !== 0;
      const given = holds ? inputs.slice(0, split) : inputs.slice(split);
      putResults(outputs, compiledBody("If", holds ? yes : no).run(given.map(ownTensor)));
    },
    grad: (dys: Tensor[], saved, { attrs }) => ({
      values: condGradients((saved as unknown as Saved).inputs, dys, attrs) as never,
    }),
  }),
);

/** Runs one of two bodies. */
export const applyCond = (pred: Tensor, yes: Body, no: Body): Tensor[] =>
  applyMany(condOp, [pred, ...yes.captured, ...no.captured], condAttrs(yes, no, yes.captured.length));

/** The attributes of a choice between two bodies, the first of which reads `split` inputs. */
export const condAttrs = (yes: Body, no: Body, split: number): CondAttrs => ({
  yes: yes.graph,
  no: no.graph,
  split,
  outputs: yes.graph.outputs.map(specOfValue),
});

/** The gradient takes the branch that was taken: again one of two graphs, each forward and backward in one. */
function condGradients(
  [pred, ...inputs]: readonly Tensor[],
  dys: readonly Tensor[],
  attrs: CondAttrs,
): (Tensor | null)[] {
  const { split } = attrs;
  const floats = dys.filter(isFloat);
  const sides = [
    pullOf(attrs.yes, inputs.slice(0, split), floats),
    pullOf(attrs.no, inputs.slice(split), floats),
  ] as const;
  const specs = inputs.filter(isFloat).map(({ spec }) => spec);
  const first = inputs.slice(0, split).filter(isFloat).length;
  const [yes, no] = sides.map((pull, side) => {
    const own = (at: number): boolean => (side === 0 ? at < first : at >= first);
    return new Body("cond", [...pull.inputs.map(({ spec }) => spec)], (given) => {
      const grads = pull.run(given);
      return specs.map((spec, at) =>
        own(at) ? grads[side === 0 ? at : at - first]! : zeros(spec.shape, spec.dtype),
      );
    });
  }) as [Body, Body];
  const results = applyMany(condOp, [pred!, ...sides[0].inputs, ...sides[1].inputs], {
    yes: yes.graph,
    no: no.graph,
    split: sides[0].inputs.length,
    outputs: specs,
  });
  let next = 0;
  return [null, ...inputs.map((input) => (isFloat(input) ? results[next++]! : null))];
}

/** A branch's gradient: its inputs, and how to run it on what stands for them; one result for each float input. */
function pullOf(graph: OpGraph, inputs: readonly Tensor[], dys: readonly Tensor[]) {
  const body = Body.of("cond", graph);
  const { sources } = body.gradient;
  const pullback = Body.of("cond", body.pullback);
  return {
    inputs: [...inputs, ...dys],
    run: (given: readonly Tensor[]): Tensor[] => {
      const grads = pullback.replay(given);
      return inputs.flatMap(({ spec }, i) => {
        if (!isFloat(spec)) return [];
        const at = sources.indexOf(i);
        return [at === -1 ? zeros(spec.shape, spec.dtype) : grads[at]!];
      });
    },
  };
}
