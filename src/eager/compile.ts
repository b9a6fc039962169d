/**
 * @file The compiler: passes over the graph, lowering, passes over the program, and the backend that suits it.
 */

import { compileProgram, type ProgramRunner } from "../backends/js/program.js";
import { compileTiny } from "../backends/js/programTiny.js";
import { WasmExecutable } from "../backends/wasm/executable.js";
import { fuse } from "../compile/fuse.js";
import { lower } from "../compile/lower.js";
import { passesOver } from "../compile/pipeline.js";
import { printProgram } from "../compile/printProgram.js";
import type { Buffer, Program } from "../compile/program.js";
import { programGraph } from "../compile/programGraph.js";
import { structureKey } from "../compile/structureKey.js";
import { orderUpdates } from "../compile/updates.js";
import type { Executable, Task } from "../core/compiler.js";
import { JsExecutable } from "./jsExecutable.js";
import { mayUseWasm } from "./mayUseWasm.js";

/** What graphs of one structure share. */
interface Template {
  readonly program: Program;
  /** Which constant of the graph each constant of the program is. */
  readonly constants: ReadonlyMap<Buffer, number>;
  readonly tiny: ProgramRunner | null;
}

const templates = new Map<string, Template>();
/** Templates kept; the oldest goes first. */
const KEPT = 128;

/** Compiles a traced graph; a graph of a structure that has been compiled before is quick. */
export function compile(task: Task): Executable {
  const { graph, variables, updated } = task;
  const key = `${updated.map((variable) => variables.indexOf(variable)).join()}/${variables.length}/${structureKey(graph)}`;
  let template = templates.get(key);
  if (template === undefined) {
    template = makeTemplate(task);
    templates.set(key, template);
    if (templates.size > KEPT) templates.delete(templates.keys().next().value!);
  }
  const backend = backendFor(task, template);
  const { program } = template;
  return {
    run: (args) => backend.run(args),
    describe: () => printProgram(program),
    get passes() {
      return passesOver(graph);
    },
    get kernels() {
      return programGraph(program);
    },
    peakBytes: backend.peakBytes,
  };
}

function makeTemplate({ graph, variables, updated }: Task): Template {
  const { graph: simple } = passesOver(graph).at(-1)!;
  const lowered = lower(simple);
  const fused = fuse(lowered);
  const results = graph.outputs.length - updated.length;
  const args = graph.inputs.length - variables.length;
  const pairs = updated.map((variable, i) => ({
    from: fused.inputs[args + variables.indexOf(variable)]!,
    to: fused.outputs[results + i]!,
  }));
  const numbers = new Map([...graph.constants.keys()].map((value, i) => [value, i]));
  const places = [...simple.constants.keys()].map((value) => numbers.get(value)!);
  const constants = new Map([...lowered.constants.keys()].map((buffer, i) => [buffer, places[i]!]));
  return { program: orderUpdates(fused, pairs), constants, tiny: compileTiny(fused) };
}

type Backend = Pick<Executable, "run" | "peakBytes">;

/** A few scalars are quickest in JavaScript; the rest is for wasm where the page allows it. */
function backendFor(task: Task, { program, constants, tiny }: Template): Backend {
  if (tiny !== null) return new JsExecutable(task, tiny);
  const given = [...task.graph.constants.values()];
  const own = new Map(
    [...program.constants.keys()].map((buffer) => [buffer, given[constants.get(buffer)!]!]),
  );
  return mayUseWasm()
    ? new WasmExecutable(task, program, { constants: own })
    : new JsExecutable(task, compileProgram({ ...program, constants: own }));
}
