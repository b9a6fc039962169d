/**
 * @file Steps, targets, sources and constants that nobody needs go away.
 */
import { type Draft, type DraftStep, isKernel, writtenBuffers } from "./fuseDraft.js";
import { lanesOf, type OpenKernel } from "./fuseKernel.js";
import { nodesOf } from "./fuseLane.js";
import type { Buffer } from "./program.js";

/** Without what nobody needs. */
export function dropUnused(draft: Draft): void {
  for (const step of draft.steps().reverse()) dropFrom(draft, step);
  draft.constants = new Map([...draft.constants].filter(([buffer]) => isNeeded(draft, buffer)));
}

const isNeeded = (draft: Draft, buffer: Buffer): boolean =>
  draft.isOutput(buffer) || draft.readers(buffer).size > 0;

/** Drops a step, or those of its targets, that nobody needs. */
export function dropFrom(draft: Draft, step: DraftStep): void {
  const needed = writtenBuffers(step).filter((buffer) => isNeeded(draft, buffer));
  if (!isKernel(step)) {
    if (step.content.kind === "host" && !step.content.node.op.effect && needed.length === 0)
      draft.remove(step);
    return;
  }
  if (needed.length === 0) {
    draft.remove(step);
    return;
  }
  const { content } = step;
  if (needed.length === content.writes.length) return;
  const writes = content.writes.filter((write) => needed.includes(write.buffer));
  draft.change(step, withUsedReads({ ...content, writes }));
}

/** Without the arrays that no lane asks for. */
function withUsedReads(open: OpenKernel): OpenKernel {
  const asked = new Set(nodesOf(lanesOf(open)).flatMap((node) => (node.kind === "input" ? [node.name] : [])));
  const reads = open.reads.filter(({ use, name }) => use === "a" || use === "b" || asked.has(name));
  return reads.length === open.reads.length ? open : { ...open, reads };
}
