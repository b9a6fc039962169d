/**
 * @file The last pass: equal nodes of a kernel's lanes become one, and equal kernels get equal names, so that they are
 * compiled once.
 */

import type { TypedLane } from "../ir/typedLane.js";
import type { Draft } from "./fuseDraft.js";
import { lanesOf, type OpenKernel, type Reading } from "./fuseKernel.js";
import { nodesOf, rewriter, sharing } from "./fuseLane.js";

/** Every kernel with shared lanes, its arrays called s0, s1 … and its run-time numbers p0, p1 … */
export function shareAndName(draft: Draft): void {
  for (const step of draft.kernels()) step.content = renamed(step.content);
}

function renamed(open: OpenKernel): OpenKernel {
  const reads = new Map<string, string>();
  for (const { name, use } of open.reads)
    if (use === "element" || use === "target") reads.set(name, `s${reads.size}`);
  const params = new Map<string, string>();
  for (const node of nodesOf(lanesOf(open)))
    if (node.kind === "attr" && !params.has(node.name)) params.set(node.name, `p${params.size}`);
  const share = sharing();
  const named = rewriter((node) => {
    if (node.kind === "attr") return { ...node, name: params.get(node.name)! };
    return node.kind === "input" ? { ...node, name: reads.get(node.name) ?? node.name } : node;
  });
  const rename = (lane: TypedLane): TypedLane => share(named(lane));
  const renamedRead = (read: Reading): Reading => ({ ...read, name: reads.get(read.name) ?? read.name });
  return {
    ...open,
    reads: open.reads.map(renamedRead),
    params: Object.fromEntries(
      Object.entries(open.params).map(([name, value]) => [params.get(name) ?? name, value]),
    ),
    x: open.x === null ? null : rename(open.x),
    writes: open.writes.map((write) => ({ ...write, lane: rename(write.lane) })),
  };
}
