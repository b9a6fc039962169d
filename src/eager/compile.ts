/**
 * @file The compiler: passes over the graph, lowering, passes over the program, and the backend that suits it.
 */

import { compileProgram } from "../backends/js/program.js";
import { compileTiny } from "../backends/js/programTiny.js";
import { WasmExecutable } from "../backends/wasm/executable.js";
import { commonSubexpressions } from "../compile/commonSubexpressions.js";
import { fuse } from "../compile/fuse.js";
import { lower } from "../compile/lower.js";
import { printProgram } from "../compile/printProgram.js";
import type { OpGraph, Program } from "../compile/program.js";
import { prune } from "../compile/prune.js";
import { simplify } from "../compile/simplify.js";
import type { Executable, Task } from "../core/compiler.js";
import { JsExecutable } from "./jsExecutable.js";
import { mayUseWasm } from "./mayUseWasm.js";

/** The passes over the graph, in order. */
const PASSES: readonly (readonly [name: string, pass: (graph: OpGraph) => OpGraph])[] = [
  ["prune", prune],
  ["simplify", simplify],
  ["common subexpressions", commonSubexpressions],
];

/** Compiles a traced graph. */
export function compile(task: Task): Executable {
  const passes: { name: string; graph: OpGraph }[] = [];
  let { graph } = task;
  for (const [name, pass] of PASSES) {
    graph = pass(graph);
    passes.push({ name, graph });
  }
  const program = fuse(lower(graph));
  const backend = backendFor({ ...task, graph }, program);
  return {
    run: (args) => backend.run(args),
    describe: () => printProgram(backend.program),
    passes,
    peakBytes: backend.peakBytes,
  };
}

type Backend = Pick<Executable, "run" | "peakBytes"> & { readonly program: Program };

/** A few scalars are quickest in JavaScript; the rest is for wasm where the page allows it. */
function backendFor(task: Task, program: Program): Backend {
  const tiny = compileTiny(program);
  if (tiny !== null) return new JsExecutable(task, program, tiny);
  return mayUseWasm()
    ? new WasmExecutable(task, program)
    : new JsExecutable(task, program, compileProgram(program));
}
