/**
 * @file Kernels over the same positions become one: maps that read a sum's or another map's result position by position,
 * and neighbours that read the same array.
 */
import { isWhole, routeThrough, type Walk } from "./access.js";
import { isModest, joined } from "./fuseAbsorb.js";
import {
  type Draft,
  type DraftStep,
  inOrder,
  type KernelDraft,
  readBuffers,
  writtenBuffers,
} from "./fuseDraft.js";
import { type OpenKernel, sizesOf, type Writing, writeCountOf } from "./fuseKernel.js";
import { dropFrom } from "./fuseUnused.js";
import type { Buffer } from "./program.js";

/**
 * Steps that stand further apart than this are joined only if an array goes away, or if what is added is a result: else an
 * array would live longer.
 */
const NEAR = 24;

/**
 * A map that is all that reads the result of a product or a reduction becomes its target. Comes before maps go into their
 * readers, so that a sum's scale or bias is not computed by each of them.
 */
export const fuseOnlyReaders = (draft: Draft): void => fuseReaders(draft, (open) => open.kind !== "map", 0);

/** Maps of the results of products and reductions become their targets. */
export const fuseEpilogues = (draft: Draft): void => fuseReaders(draft, (open) => open.kind !== "map", NEAR);

/** Maps of the results of maps join them. */
export const fuseMapReaders = (draft: Draft): void => fuseReaders(draft, (open) => open.kind === "map", NEAR);

function fuseReaders(draft: Draft, isBase: (open: OpenKernel) => boolean, near: number): void {
  for (const step of draft.kernels()) {
    if (isBase(step.content)) while (draft.has(step) && joinOneReader(draft, step, near));
  }
}

function joinOneReader(draft: Draft, step: KernelDraft, near: number): boolean {
  for (const write of step.content.writes) {
    if (!isWritten(draft, step.content, write)) continue;
    const { buffer } = write;
    const readers = inOrder(draft.readers(buffer));
    for (const reader of readers.filter(isMap)) {
      const goesAway = readers.length === 1 && !draft.isOutput(buffer);
      const lasts = writtenBuffers(reader).every((written) => draft.isOutput(written));
      if (!goesAway && !lasts && reader.place - step.place > near) continue;
      const open = joinedThrough(step.content, write, reader.content, buffer);
      if (open !== null && join(draft, step, reader, open)) return true;
    }
  }
  return false;
}

/** Whether a kernel alone writes an array, each element once. */
const isWritten = (draft: Draft, open: OpenKernel, { buffer }: Writing): boolean =>
  draft.writers(buffer).size === 1 && writeCountOf(open) === buffer.size;

const isMap = (step: DraftStep): step is KernelDraft => step.content.kind === "map";

/** Both kernels as one, standing on the same element of an array: the second must read each element once. */
function joinedThrough(first: OpenKernel, walk: Walk, second: OpenKernel, buffer: Buffer): OpenKernel | null {
  for (const read of second.reads) {
    if (read.buffer !== buffer) continue;
    const route = routeThrough(walk, sizesOf(first), read, sizesOf(second), buffer.size);
    if (route !== null) return joined(first, second, route);
  }
  return null;
}

/** Puts the joined kernel where one of the two stood, if nothing between them forbids both places. */
function join(draft: Draft, first: KernelDraft, second: KernelDraft, open: OpenKernel): boolean {
  if (!isModest(open)) return false;
  const place = placeOfBoth(draft, first, second);
  if (place === null) return false;
  draft.remove(second);
  draft.change(first, open);
  first.place = place;
  dropFrom(draft, first);
  return true;
}

/** The earlier place if all that the second needs is there; the later if nobody needs the first's results before. */
function placeOfBoth(draft: Draft, first: KernelDraft, second: KernelDraft): number | null {
  let needed = -1;
  for (const buffer of [...readBuffers(second), ...writtenBuffers(second)]) {
    for (const { place } of draft.writers(buffer))
      if (place !== first.place && place < second.place) needed = Math.max(needed, place);
  }
  if (needed < first.place) return first.place;
  for (const buffer of writtenBuffers(first)) {
    for (const step of [...draft.readers(buffer), ...draft.writers(buffer)])
      if (step !== first && step.place > first.place && step.place < second.place) return null;
  }
  return second.place;
}

/** Neighbouring maps that read the same array at the same position become one. */
export function fuseSiblings(draft: Draft): void {
  for (const step of draft.steps().filter(isMap)) while (draft.has(step) && joinOneSibling(draft, step));
}

function joinOneSibling(draft: Draft, step: KernelDraft): boolean {
  const sizes = sizesOf(step.content);
  for (const read of step.content.reads) {
    const { buffer } = read;
    if (buffer.size === 1 || !isWhole(read, sizes, buffer.size)) continue;
    for (const other of inOrder(draft.readers(buffer)).filter(isMap)) {
      const distance = other.place - step.place;
      if (distance <= 0 || distance > NEAR) continue;
      const open = joinedThrough(step.content, read, other.content, buffer);
      if (open !== null && join(draft, step, other, open)) return true;
    }
  }
  return false;
}
