/**
 * @file Who is listening: the stack of tapes and accumulators that see every op as it runs.
 */
import { ValueError } from "./errors.js";
import type { Attrs, Op } from "./op.js";
import type { Backward } from "./tapeEntry.js";
import type { Tensor } from "./tensor.js";

/** What a recorder needs of a variable. */
export interface Watchable {
  readonly id: number;
  readonly trainable: boolean;
}

/** Sees ops as they run. */
export interface Recorder {
  opRan(op: Op, inputs: readonly Tensor[], attrs: Attrs, outputs: readonly Tensor[]): void;
  /** Something ran that is not one op: a custom gradient, a recomputed block. */
  blockRan(type: string, inputs: readonly Tensor[], outputs: readonly Tensor[], backward: Backward): void;
  /** Whether it follows a tensor. */
  knows(tensor: Tensor): boolean;
  /** A variable was read. */
  variableRead(variable: Watchable, value: Tensor): void;
}

let active: readonly Recorder[] = [];
const NONE: readonly Recorder[] = Object.freeze([]);

/** Innermost last. A new array each time it changes, so that it can be swapped and restored. */
export const activeRecorders = (): readonly Recorder[] => active;

export function pushRecorder(recorder: Recorder): void {
  active = [...active, recorder];
}

/** Takes a recorder off the stack, wherever it stands: tapes may be stopped out of order. */
export function removeRecorder(recorder: Recorder): void {
  active = active.filter((other) => other !== recorder);
}

/** Runs a function without one recorder, which then has its old place on the stack again. */
export function withoutRecorder<T>(recorder: Recorder, f: () => T): T {
  const place = active.indexOf(recorder);
  removeRecorder(recorder);
  try {
    return f();
  } finally {
    active = [...active.slice(0, place), recorder, ...active.slice(place)];
  }
}

/** That a recorded function did its work at once: what runs after an `await` would go by unseen. */
export function checkSynchronous(result: unknown, who: string): void {
  if (
    result !== null &&
    typeof result === "object" &&
    typeof (result as { then?: unknown }).then === "function"
  ) {
    throw new ValueError(`${who}: the function returned a promise; only synchronous code is recorded`);
  }
}

export const isRecording = (recorder: Recorder): boolean => active.includes(recorder);
export const isInnermost = (recorder: Recorder): boolean => active[active.length - 1] === recorder;

/** Silences all recorders until `resumeRecording` is given the result. */
export function suspendRecording(): readonly Recorder[] {
  const held = active;
  active = NONE;
  return held;
}

export function resumeRecording(held: readonly Recorder[]): void {
  active = held;
}

/** Runs a function with only some of the recorders listening. */
export function withRecorders<T>(recorders: readonly Recorder[], f: () => T): T {
  const held = active;
  active = recorders;
  try {
    return f();
  } finally {
    active = held;
  }
}

/** Runs a function with nobody listening. */
export const withoutRecording = <T>(f: () => T): T => withRecorders(NONE, f);

const readListeners: ((variable: Watchable) => void)[] = [];

/** Calls `listener` for every variable read while `f` runs, whether or not a tape is there. */
export function listenToReads<T>(listener: (variable: Watchable) => void, f: () => T): T {
  readListeners.push(listener);
  try {
    return f();
  } finally {
    readListeners.splice(readListeners.lastIndexOf(listener), 1);
  }
}

/** Tells the recorders that a variable is being read. */
export function watchVariable(variable: Watchable, value: Tensor): void {
  for (let i = 0; i < active.length; i++) active[i]!.variableRead(variable, value);
  for (let i = 0; i < readListeners.length; i++) readListeners[i]!(variable);
}
