/**
 * @file Maps go into their readers: elements are computed where they are used instead of being stored.
 */
import { isWhole } from "./access.js";
import { absorbed, isModest } from "./fuseAbsorb.js";
import { type Draft, type DraftStep, inOrder, isKernel, type KernelDraft } from "./fuseDraft.js";
import { type OpenKernel, type Reading, readCountOf, sizesOf, type Writing } from "./fuseKernel.js";
import { costOf } from "./fuseLane.js";

/** In additions: what it costs less to compute again than to store and load. */
const CHEAP = 4;

/** Maps with one reader, and cheap ones with several, are computed by their readers. */
export function inlineMaps(draft: Draft): void {
  for (const step of draft.kernels()) inlineInto(draft, step);
}

function inlineInto(draft: Draft, step: KernelDraft): void {
  const { content: producer } = step;
  const write = producer.writes[0]!;
  const { buffer } = write;
  if (producer.kind !== "map" || producer.writes.length !== 1) return;
  if (draft.writers(buffer).size !== 1 || !isWhole(write, sizesOf(producer), buffer.size)) return;
  const readers = inOrder(draft.readers(buffer));
  if (!isWorthwhile(draft, producer, write, readers)) return;
  for (const reader of readers.filter(isKernel)) {
    const open = withoutArray(reader.content, producer, write);
    if (open !== null) draft.change(reader, open);
  }
  if (!draft.isOutput(buffer) && draft.readers(buffer).size === 0) draft.remove(step);
}

/** The reader with the producer in the place of all it reads of the array; null where one place does not fit. */
function withoutArray(reader: OpenKernel, producer: OpenKernel, write: Writing): OpenKernel | null {
  let open: OpenKernel | null = reader;
  const wanted = (kernel: OpenKernel): Reading | undefined =>
    kernel.reads.find((read) => read.buffer === write.buffer);
  for (let read = wanted(open); read !== undefined; read = wanted(open)) {
    open = absorbed(open, read, producer, write);
    if (open === null || !isModest(open)) return null;
  }
  return open;
}

/** Whether computing in the readers costs less than storing. */
function isWorthwhile(
  draft: Draft,
  producer: OpenKernel,
  { buffer, lane }: Writing,
  readers: readonly DraftStep[],
): boolean {
  const kernels = readers.filter(isKernel);
  const reads = kernels.flatMap(({ content }) =>
    content.reads
      .filter((read) => read.buffer === buffer)
      .map((read) => ({ use: read.use, times: readCountOf(content, read.use) / buffer.size })),
  );
  const loads = producer.reads.reduce((sum, read) => sum + footprint(producer, read) / buffer.size, 0);
  const stored =
    draft.isOutput(buffer) ||
    kernels.length < readers.length ||
    reads.some(({ use }) => use === "a" || use === "b");
  if (!stored && reads.length === 1 && reads[0]!.times <= 1) return true;
  const cheap = costOf([lane]) <= CHEAP;
  if (stored) return cheap && loads === 0;
  // Stored, it is loaded `loads` times, stored once and read by each reader; inlined, each reader loads the sources.
  return cheap && reads.length * loads <= loads + 1 + reads.length;
}

/** How many elements of an array a kernel reads: none where it is a number or a row for many. */
function footprint(open: OpenKernel, { strides }: Reading): number {
  const elements = open.loops.reduce((n, { size }, i) => (strides[i] === 0 ? n : n * size), 1);
  return elements === 1 ? 0 : elements;
}
