/**
 * @file Routines as functions that run: each is compiled once per process, by its key, a module for every batch of new ones.
 */
import { ModuleBuilder, type ValueType } from "./assembler.js";
import { type Heap, processHeap } from "./heap.js";
import type { Routine } from "./routine.js";

/** A routine's function: does the units from `begin` up to `end`. */
export type RoutineFunction = (args: number, begin: number, end: number, worker: number) => void;

/** A routine that has been compiled. */
export interface LoadedRoutine {
  /** Its number in the process: workers know it by this. */
  readonly number: number;
  readonly run: RoutineFunction;
  /** It calls functions of JavaScript, so that only the host's thread can run it. */
  readonly hostOnly: boolean;
}

/**
 * Modules that workers compile for themselves, as a chain of blocks in the heap: the address of the next (0: none yet), the
 * number of bytes, the bytes. A module exports its routines by number: `r7`.
 */
export interface ModuleChain {
  readonly first: number;
  readonly count: number;
}

const HEADER_BYTES = 8;

/** Functions that routines may import, by name. */
export type LaneFunctionTable = Readonly<Record<string, (...args: number[]) => number>>;

let laneFunctions: LaneFunctionTable = {};

/** Says which functions of JavaScript the routines' imports are. */
export function installLaneFunctions(table: LaneFunctionTable): void {
  laneFunctions = table;
}

const PARAMETERS: readonly ValueType[] = ["i32", "i32", "i32", "i32"];

/** The routines of one heap, by key. */
export class RoutineLibrary {
  readonly #loaded = new Map<string, LoadedRoutine>();
  #chain: ModuleChain = { first: 0, count: 0 };
  #lastModule = 0;

  constructor(readonly heap: Heap) {}

  /** What workers have to compile. */
  get modules(): ModuleChain {
    return this.#chain;
  }

  /**
   * The functions of routines, in their order; those whose keys are new are compiled.
   *
   * @throws {Error} a routine imports a function that is not in the table
   */
  load(routines: readonly Routine[]): LoadedRoutine[] {
    const fresh = new Map<string, Routine>();
    for (const routine of routines) if (!this.#loaded.has(routine.key)) fresh.set(routine.key, routine);
    const all = [...fresh.values()];
    // Imports are functions of this thread: what has some stays here, so that workers can instantiate all the rest.
    this.#compile(all.filter(({ imports }) => imports.length === 0));
    this.#compile(all.filter(({ imports }) => imports.length > 0));
    return routines.map(({ key }) => this.#loaded.get(key)!);
  }

  #compile(routines: readonly Routine[]): void {
    if (routines.length === 0) return;
    const first = this.#loaded.size;
    const names = new Set(routines.flatMap(({ imports }) => imports));
    const bytes = this.#assemble(routines, names, first);
    const table = Object.fromEntries([...names].map((name) => [name, laneFunction(name)]));
    const env = { memory: this.heap.memory, ...table };
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), { env });
    routines.forEach(({ key }, i) => {
      const run = exports[`r${first + i}`] as RoutineFunction;
      this.#loaded.set(key, { number: first + i, run, hostOnly: names.size > 0 });
    });
    if (names.size === 0 && this.heap.shared) this.#addToChain(bytes);
  }

  #assemble(routines: readonly Routine[], names: ReadonlySet<string>, first: number) {
    const module = new ModuleBuilder(this.heap);
    for (const name of names) {
      module.import("env", name, Array<ValueType>(laneFunction(name).length).fill("f64"), ["f64"]);
    }
    routines.forEach((routine, i) => {
      module.function(`r${first + i}`, PARAMETERS, [], (f) => routine.write(f));
    });
    return module.bytes();
  }

  #addToChain(bytes: Uint8Array): void {
    const { heap } = this;
    const address = heap.allocate(HEADER_BYTES + bytes.length, "the code of kernels");
    heap.view("int32", address, 2).set([0, bytes.length]);
    heap.view("uint8", address + HEADER_BYTES, bytes.length).set(bytes);
    if (this.#lastModule !== 0) heap.view("int32", this.#lastModule, 1)[0] = address;
    this.#chain = { first: this.#chain.first || address, count: this.#chain.count + 1 };
    this.#lastModule = address;
  }
}

function laneFunction(name: string): (...args: number[]) => number {
  const found = laneFunctions[name];
  if (found === undefined) throw new Error(`routines: no lane function is named "${name}"`);
  return found;
}

let library: RoutineLibrary | undefined;

/** The routines of this process's heap. */
export function processLibrary(): RoutineLibrary {
  return (library ??= new RoutineLibrary(processHeap()));
}
