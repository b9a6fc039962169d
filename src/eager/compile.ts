/**
 * @file The compiler: passes over the graph, lowering, passes over the program, and the backend that suits it.
 */

import { compileProgram } from "../backends/js/program.js";
import { compileTiny } from "../backends/js/programTiny.js";
import { WasmExecutable } from "../backends/wasm/executable.js";
import { fusedProgram, passesOver } from "../compile/pipeline.js";
import { printProgram } from "../compile/printProgram.js";
import type { Program } from "../compile/program.js";
import type { Executable, Task } from "../core/compiler.js";
import { JsExecutable } from "./jsExecutable.js";
import { mayUseWasm } from "./mayUseWasm.js";

/** Compiles a traced graph. */
export function compile(task: Task): Executable {
  const passes = passesOver(task.graph);
  const { graph } = passes.at(-1)!;
  const program = fusedProgram(graph);
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
