/**
 * @file Fusion: the passes that make few large kernels of many small ones, in order.
 */
import { constantsIntoLanes } from "./fuseConstants.js";
import { foldCopies } from "./fuseCopies.js";
import { Draft, type Pass } from "./fuseDraft.js";
import { inlineMaps } from "./fuseInline.js";
import { mergeLoops } from "./fuseLoops.js";
import { shareAndName } from "./fuseNames.js";
import { schedule } from "./fuseSchedule.js";
import { fuseEpilogues, fuseMapReaders, fuseOnlyReaders, fuseSiblings } from "./fuseTogether.js";
import { dropUnused } from "./fuseUnused.js";
import type { Program } from "./program.js";

/** The passes in the order in which they run. Those that join kernels expect loops in normal form. */
const FUSION: readonly Pass[] = [
  dropUnused,
  constantsIntoLanes,
  mergeLoops,
  foldCopies,
  fuseOnlyReaders,
  inlineMaps,
  fuseEpilogues,
  fuseMapReaders,
  fuseSiblings,
  // Maps that have become one may now be all that reads a result.
  fuseOnlyReaders,
  dropUnused,
  mergeLoops,
  shareAndName,
];

/** The program after some passes. */
export function afterPasses(program: Program, passes: readonly Pass[]): Program {
  const draft = new Draft(program);
  for (const pass of passes) pass(draft);
  return draft.toProgram();
}

/** The program with its kernels fused and its steps in an order that needs little memory. */
export const fuse = (program: Program): Program => schedule(afterPasses(program, FUSION));
