/**
 * @file Constants that are one number everywhere become numbers in the lanes of their readers.
 */
import type { ConstantData } from "../ir/graph.js";
import type { TypedLane } from "../ir/typedLane.js";
import { type Draft, inOrder, isKernel } from "./fuseDraft.js";
import { type OpenKernel, type Use, withLanes } from "./fuseKernel.js";
import type { Buffer } from "./program.js";

/** With constants of one number in the lanes. */
export function constantsIntoLanes(draft: Draft): void {
  for (const [buffer, data] of draft.constants) {
    const value = uniformValue(data);
    if (value === null) continue;
    for (const step of inOrder(draft.readers(buffer)).filter(isKernel))
      draft.change(step, withNumber(step.content, buffer, value));
  }
}

/** The number that all elements are; null if they differ, or there are none. */
function uniformValue(data: ConstantData): number | null {
  if (typeof data === "number") return data;
  const first = data[0];
  if (first === undefined) return null;
  for (let i = 1; i < data.length; i++) if (!Object.is(data[i], first)) return null;
  return first;
}

function withNumber(open: OpenKernel, buffer: Buffer, value: number): OpenKernel {
  const constant: TypedLane = { kind: "const", dtype: buffer.dtype, value };
  const reads = open.reads.filter((read) => read.buffer !== buffer || read.use === "a" || read.use === "b");
  let result: OpenKernel = { ...open, reads };
  for (const use of ["element", "target"] satisfies Use[]) {
    const gone = open.reads.filter((read) => read.use === use && read.buffer === buffer);
    if (gone.length > 0) result = withLanes(result, use, new Map(gone.map(({ name }) => [name, constant])));
  }
  return result;
}
