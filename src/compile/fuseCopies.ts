/**
 * @file Views vanish: whoever reads a copy walks its source instead.
 */
import { isWhole } from "./access.js";
import { absorbed, isModest } from "./fuseAbsorb.js";
import { type Draft, inOrder, isKernel, type KernelDraft } from "./fuseDraft.js";
import { type OpenKernel, type Reading, sizesOf, type Writing } from "./fuseKernel.js";
import type { Buffer } from "./program.js";

/** Copies that write a whole buffer, read by their readers at the source where the loops allow. */
export function foldCopies(draft: Draft): void {
  for (const step of draft.kernels()) {
    const copy = copyOf(draft, step);
    if (copy === null) continue;
    if (keepsOrder(copy, step.content)) renameCopy(draft, copy);
    else readAtSource(draft, step, copy.write);
    const { buffer } = copy.write;
    if (!draft.isOutput(buffer) && draft.readers(buffer).size === 0) draft.remove(step);
  }
}

interface WholeCopy {
  readonly read: Reading;
  readonly write: Writing;
}

/** The two ends of a step that only copies, and that alone writes its buffer. */
function copyOf(draft: Draft, { content }: KernelDraft): WholeCopy | null {
  const [write] = content.writes;
  const [read] = content.reads;
  if (content.kind !== "map" || content.writes.length !== 1 || write!.lane.kind !== "input") return null;
  const whole = isWhole(write!, sizesOf(content), write!.buffer.size);
  return whole && draft.writers(write!.buffer).size === 1 ? { read: read!, write: write! } : null;
}

/** Whether both buffers hold the same elements in the same order. */
const keepsOrder = ({ read, write }: WholeCopy, { loops }: OpenKernel): boolean =>
  read.offset === 0 &&
  read.buffer.size === write.buffer.size &&
  loops.every(({ size }, i) => size === 1 || read.strides[i] === write.strides[i]);

function renameCopy(draft: Draft, { read, write }: WholeCopy): void {
  const swap = (buffer: Buffer): Buffer => (buffer === write.buffer ? read.buffer : buffer);
  for (const reader of inOrder(draft.readers(write.buffer))) {
    const { content } = reader;
    draft.change(
      reader,
      content.kind === "host"
        ? { ...content, inputs: content.inputs.map(swap) }
        : { ...content, reads: content.reads.map((r) => ({ ...r, buffer: swap(r.buffer) })) },
    );
  }
  draft.replaceOutput(write.buffer, read.buffer);
}

function readAtSource(draft: Draft, { content: copy }: KernelDraft, write: Writing): void {
  for (const reader of inOrder(draft.readers(write.buffer)).filter(isKernel)) {
    let open = reader.content;
    for (let read = readOf(open, write); read !== undefined; read = readOf(open, write)) {
      const next = absorbed(open, read, copy, write);
      if (next === null || !isModest(next)) break;
      open = next;
    }
    if (open !== reader.content) draft.change(reader, open);
  }
}

const readOf = (open: OpenKernel, { buffer }: Writing): Reading | undefined =>
  open.reads.find((read) => read.buffer === buffer);
