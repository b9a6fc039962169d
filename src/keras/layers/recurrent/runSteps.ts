/**
 * @file The steps of a recurrent layer, one after the other along the time axis.
 */
import type { Tensor } from "../../../core/tensor.js";
import { getItem, scan, where, zerosLike } from "../../../ops/public.js";
import type { Step } from "./cell.js";

/** Outputs and states of all steps, time first, or of the last step only. */
export interface Run {
  readonly outputs: Tensor;
  readonly states: readonly Tensor[];
}

/** Of each state the last of all steps. */
export const lastOf = ({ outputs, states }: Run): Run => ({
  outputs,
  states: states.map((state) => getItem(state, [-1])),
});

/** Outputs and states of every step. The output is the first state. */
export function runSteps(step: Step, projected: Tensor, states: readonly Tensor[]): Run {
  const all = scan((before: readonly Tensor[], x: Tensor) => step(x, before), projected, [...states]);
  return { outputs: all[0]!, states: all };
}

/** Where the mask is false, the states stay, and so does the output unless it is to be zero. */
export function runMaskedSteps(
  step: Step,
  projected: Tensor,
  states: readonly Tensor[],
  kept: Tensor,
  isZero: boolean,
): Run {
  const zero = zerosLike(states[0]!);
  return scan(
    (before: Run, { x, keep }: { x: Tensor; keep: Tensor }): Run => {
      const next = step(x, before.states);
      return {
        outputs: where(keep, next[0]!, isZero ? zero : before.outputs),
        states: next.map((state, i) => where(keep, state, before.states[i]!)),
      };
    },
    { x: projected, keep: kept },
    { outputs: zero, states: [...states] },
  );
}
