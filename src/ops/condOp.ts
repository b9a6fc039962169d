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
  applyMany(condOp, [pred, ...yes.captured, ...no.captured], condAttrs(yes, no));

/** The attributes of a choice between two bodies, the first of which reads `split` inputs. */
export const condAttrs = (yes: Body, no: Body, split: number = yes.captured.length): CondAttrs => ({
  yes: yes.graph,
  no: no.graph,
  split,
  outputs: yes.graph.outputs.map(specOfValue),
});

/** The gradient takes the branch that was taken: again one of two graphs, each forward and backward in one. */
function condGradients(
  [pred, ...inputs]: readonly Tensor[],
  dys: readonly Tensor[],
  { yes, no, split }: CondAttrs,
): (Tensor | null)[] {
  const seeds = dys.filter(isFloat);
  const mine = [inputs.slice(0, split), inputs.slice(split)] as const;
  const [first, second] = [yes, no].map((graph, side) => {
    const own = mine[side]!;
    return new Body(
      [...own, ...seeds].map(({ spec }) => spec),
      (given) => {
        const grads = floatGradients(Body.of(graph), given.slice(0, own.length), given.slice(own.length));
        const others = mine[1 - side]!.filter(isFloat).map(({ shape, dtype }) => zeros(shape, dtype));
        return side === 0 ? [...grads, ...others] : [...others, ...grads];
      },
    );
  }) as [Body, Body];
  const results = applyMany(
    condOp,
    [pred!, ...mine[0], ...seeds, ...mine[1], ...seeds],
    condAttrs(first, second, split + seeds.length),
  );
  let next = 0;
  return [null, ...inputs.map((input) => (isFloat(input) ? results[next++]! : null))];
}

/** The gradients of a branch, one for each float input. */
function floatGradients(body: Body, inputs: readonly Tensor[], dys: readonly Tensor[]): Tensor[] {
  const grads = body.pullback(inputs, dys);
  const { sources } = body.gradient;
  return inputs.flatMap((input, i) =>
    isFloat(input) ? [grads[sources.indexOf(i)] ?? zeros(input.shape, input.dtype)] : [],
  );
}
