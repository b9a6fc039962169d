/**
 * @file Loops in normal form: none of one turn, outputs walked in their own order, neighbours merged where every array goes
 * on evenly.
 */
import type { Draft } from "./fuseDraft.js";
import type { Loop, OpenKernel } from "./fuseKernel.js";

/** Every kernel with its loops in normal form. */
export function mergeLoops(draft: Draft): void {
  for (const step of draft.kernels()) step.content = normalized(step.content);
}

/** Loops are ordered by role; those that sum stay in order within theirs, since sums are taken in order. */
const ORDER: readonly Loop["role"][] = ["each", "batch", "m", "n", "k", "reduced"];

function normalized(open: OpenKernel): OpenKernel {
  const loops = open.loops.map((loop, i) => ({ ...loop, role: roleOf(open, loop, i) }));
  const order = loops.map((_, i) => i).filter((i) => loops[i]!.size !== 1);
  const first = open.writes[0]!.strides;
  const rank = (i: number): number => ORDER.indexOf(loops[i]!.role);
  order.sort(
    (p, q) => rank(p) - rank(q) || (sums(loops[p]!) ? 0 : Math.abs(first[q]!) - Math.abs(first[p]!)) || p - q,
  );
  return merged(withLoops(open, loops, order));
}

const sums = ({ role }: Loop): boolean => role === "k" || role === "reduced";

/** A batch loop along which only one factor moves is a loop over rows or columns. */
function roleOf(open: OpenKernel, { role }: Loop, i: number): Loop["role"] {
  if (role !== "batch") return role;
  const moves = (use: "a" | "b"): boolean => open.reads.find((read) => read.use === use)!.strides[i] !== 0;
  if (moves("a") === moves("b")) return role;
  return moves("a") ? "m" : "n";
}

/** The kernel with some of its loops, in an order. */
function withLoops(open: OpenKernel, loops: readonly Loop[], order: readonly number[]): OpenKernel {
  const pick = <W extends { readonly strides: readonly number[] }>(walk: W): W => ({
    ...walk,
    strides: order.map((i) => walk.strides[i]!),
  });
  return {
    ...open,
    loops: order.map((i) => loops[i]!),
    reads: open.reads.map(pick),
    writes: open.writes.map(pick),
  };
}

/** Merges neighbouring loops of one role that every array walks evenly. */
function merged(open: OpenKernel): OpenKernel {
  const walks = [...open.reads, ...open.writes];
  const sizes = open.loops.map((loop) => loop.size);
  const kept: number[] = [];
  for (let i = open.loops.length - 1; i >= 0; i--) {
    const inner = kept[0];
    const even =
      inner !== undefined &&
      open.loops[i]!.role === open.loops[inner]!.role &&
      walks.every(({ strides }) => strides[i] === strides[inner]! * sizes[inner]!);
    if (even) sizes[inner]! *= sizes[i]!;
    else kept.unshift(i);
  }
  if (kept.length === open.loops.length) return open;
  const loops = open.loops.map(({ role }, i) => ({ role, size: sizes[i]! }));
  return withLoops(open, loops, kept);
}
