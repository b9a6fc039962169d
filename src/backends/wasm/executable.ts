/**
 * @file A program in WebAssembly: its arrays in the heap, its kernels as routines, its run as a walk over steps.
 */
import { type MemoryPlan, planMemory } from "../../compile/memory.js";
import type { Buffer, Program } from "../../compile/program.js";
import { updatesInPlace } from "../../compile/updates.js";
import type { Task } from "../../core/compiler.js";
import { bytesOf as elementBytes, type TypedArray } from "../../core/dtype.js";
import { ValueError } from "../../core/errors.js";
import { specOfValue } from "../../core/spec.js";
import { Tensor } from "../../core/tensor.js";
import type { ConstantData } from "../../ir/graph.js";
import { Arena } from "./arena.js";
import { type Heap, processHeap } from "./heap.js";
import { type Place, placeIn, roomFor } from "./place.js";
import { type Plan, planSteps, processPool } from "./pool.js";
import { ResidentInputs } from "./residentInputs.js";
import { StepBuilder } from "./stepBuilder.js";
import { type VariableHome, VariableHomes } from "./variableHome.js";

/** What all programs share. */
interface Shared {
  readonly heap: Heap;
  /** The arena of the program that runs, of one that a host step of it runs, and so on. */
  readonly arenas: Arena[];
  /** How many programs are running, one inside the other. */
  depth: number;
  readonly homes: VariableHomes;
  readonly inputs: ResidentInputs;
  /** Gives back the blocks of programs that are gone. */
  readonly blocks: FinalizationRegistry<readonly number[]>;
}

let shared: Shared | null = null;

function sharedParts(): Shared {
  if (shared === null) {
    const heap = processHeap();
    const blocks = new FinalizationRegistry<readonly number[]>((addresses) => {
      for (const address of addresses) heap.free(address);
    });
    const [homes, inputs] = [new VariableHomes(heap), new ResidentInputs(heap)];
    shared = { heap, arenas: [], depth: 0, homes, inputs, blocks };
  }
  return shared;
}

const bytesOf = (buffer: Buffer): number => buffer.size * elementBytes(buffer.dtype);

const plans = new WeakMap<Program, MemoryPlan>();

/** The plan of a program: the same for all that run it, since what lies outside the arena follows from the program. */
function memoryOf(program: Program, external: ReadonlySet<Buffer>): MemoryPlan {
  let plan = plans.get(program);
  if (plan === undefined) plans.set(program, (plan = planMemory(program, { external })));
  return plan;
}

/** A variable that a program changes. */
interface Updated {
  readonly home: VariableHome;
  readonly index: number;
  readonly to: Buffer;
  readonly inPlace: boolean;
}

export class WasmExecutable {
  /** Bytes of scratch that a run needs: arrays between steps, arguments, and what kernels need for themselves. */
  readonly peakBytes: number;
  readonly #task: Task;
  readonly #shared = sharedParts();
  readonly #homes: readonly VariableHome[];
  readonly #updated: readonly Updated[];
  readonly #offsets: ReadonlyMap<Buffer, number>;
  readonly #constants = new Map<Buffer, number>();
  readonly #fixed = new Map<Buffer, VariableHome>();
  /** Addresses of arguments that are in the heap already. */
  readonly #copies = new Map<Buffer, number>();
  /** Where the scratch of steps begins in the arena. */
  readonly #scratchAt: number;
  readonly #builder: StepBuilder;
  readonly #plan: Plan;
  /** Where the arena was when addresses were written. */
  #arenaAt = -1;
  #boundVersion = -1;
  #isRunning = false;

  /**
   * @param program    in the order of its updates
   * @param constants  values of the program's constants
   */
  constructor(
    task: Task,
    readonly program: Program,
    constants: ReadonlyMap<Buffer, ConstantData> = program.constants,
  ) {
    const { heap, homes, blocks } = this.#shared;
    this.#task = task;
    const args = program.inputs.length - task.variables.length;
    const results = program.outputs.length - task.updated.length;
    const pairs = task.updated.map((variable, i) => ({
      from: program.inputs[args + task.variables.indexOf(variable)]!,
      to: program.outputs[results + i]!,
    }));
    const inPlace = new Set(updatesInPlace(this.program, pairs));
    this.#homes = task.variables.map((variable) => homes.of(variable));
    this.#updated = pairs.map((pair, i) => {
      const index = task.variables.indexOf(task.updated[i]!);
      return { home: this.#homes[index]!, index, to: pair.to, inPlace: inPlace.has(pair) };
    });
    for (const [i, home] of this.#homes.entries()) this.#fixed.set(this.program.inputs[args + i]!, home);
    for (const { home, to, inPlace: there } of this.#updated) if (there) this.#fixed.set(to, home);
    const owned: number[] = [];
    for (const [buffer, data] of constants) owned.push(this.#placeConstant(buffer, data));

    const memory = memoryOf(this.program, new Set(this.#fixed.keys()));
    const offsets = new Map(memory.offsets);
    let bytes = roomFor(memory.bytes);
    for (const buffer of this.program.inputs) {
      if (this.#fixed.has(buffer) || offsets.has(buffer)) continue;
      offsets.set(buffer, bytes);
      bytes += roomFor(bytesOf(buffer));
    }
    this.#offsets = offsets;
    this.#scratchAt = bytes;
    this.#builder = new StepBuilder(heap, (buffer, data) => {
      if (!this.#constants.has(buffer)) owned.push(this.#placeConstant(buffer, data));
    });
    this.#builder.addProgram(this.program, (buffer) => placeIn(buffer), 0);
    this.peakBytes = bytes + this.#builder.scratch;
    const { steps, block } = this.#builder.finish(task.name);
    owned.push(block);
    this.#plan = planSteps(steps);
    blocks.register(this, owned);
  }

  #placeConstant(buffer: Buffer, data: ConstantData): number {
    const { heap } = this.#shared;
    const address = heap.allocate(bytesOf(buffer), `a constant of ${this.#task.name}`);
    const view = heap.view(buffer.dtype, address, buffer.size);
    if (typeof data === "number") view.fill(data);
    else view.set(data);
    this.#constants.set(buffer, address);
    return address;
  }

  #addressOf(place: Place): number {
    return this.#baseOf(place.buffer) + place.bytes;
  }

  #baseOf(buffer: Buffer | null): number {
    if (buffer === null) return this.#arenaAt + this.#scratchAt;
    const home = this.#fixed.get(buffer);
    if (home !== undefined) return home.address;
    const copy = this.#copies.get(buffer);
    if (copy !== undefined) return copy;
    const constant = this.#constants.get(buffer);
    if (constant !== undefined) return constant;
    return this.#arenaAt + this.#offsets.get(buffer)!;
  }

  #view(buffer: Buffer): TypedArray {
    return this.#shared.heap.view(buffer.dtype, this.#baseOf(buffer), buffer.size);
  }

  /** Addresses may change between runs: when the arena or the memory grows, and with the arguments. */
  #bind(args: readonly Tensor[]): void {
    const { heap, arenas, depth } = this.#shared;
    const moved = this.#findCopies(args);
    const arena = (arenas[depth] ??= new Arena(heap));
    arena.ensure(this.peakBytes, `the arrays of ${this.#task.name}`);
    if (!moved && arena.address === this.#arenaAt && heap.version === this.#boundVersion) return;
    this.#arenaAt = arena.address;
    this.#builder.bind((place) => this.#addressOf(place));
    this.#boundVersion = heap.version;
  }

  /** Looks which arguments are in the heap already; true if that is not as it was. */
  #findCopies(args: readonly Tensor[]): boolean {
    const { inputs } = this.#shared;
    let moved = false;
    inputs.beginRun();
    for (const [i, tensor] of args.entries()) {
      const buffer = this.program.inputs[i]!;
      const address = inputs.addressOf(tensor) ?? undefined;
      if (address === this.#copies.get(buffer)) continue;
      moved = true;
      if (address === undefined) this.#copies.delete(buffer);
      else this.#copies.set(buffer, address);
    }
    return moved;
  }

  run(args: readonly Tensor[]): Tensor[] {
    const { variables, graph } = this.#task;
    const { inputs, outputs } = this.program;
    if (this.#isRunning)
      throw new ValueError(`${this.#task.name}: a function of the host called the program it is part of`);
    this.#bind(args);
    for (const [i, tensor] of args.entries()) {
      if (this.#copies.has(inputs[i]!)) continue;
      const view = this.#view(inputs[i]!);
      if (view.length === 1) view[0] = tensor.first;
      else view.set(tensor.storage);
    }
    for (const [i, home] of this.#homes.entries()) home.load(variables[i]!);
    for (const { home, inPlace } of this.#updated) if (inPlace) home.release();
    this.#runSteps();
    const count = outputs.length - this.#updated.length;
    const results = outputs.slice(0, count).map((buffer, i) => {
      const spec = specOfValue(graph.outputs[i]!);
      const view = this.#view(buffer);
      return new Tensor(spec.shape.length === 0 ? view[0]! : view.slice(), spec);
    });
    this.#commit();
    return results;
  }

  #runSteps(): void {
    this.#isRunning = true;
    this.#shared.depth++;
    try {
      processPool().run(this.#plan);
    } finally {
      this.#shared.depth--;
      this.#isRunning = false;
    }
  }

  /** All went well: what the program computed is the variables' value from now on. */
  #commit(): void {
    const { heap } = this.#shared;
    const moved = this.#updated
      .filter(({ inPlace }) => !inPlace)
      .map(({ home, to }) => ({ home, from: this.#baseOf(to), bytes: bytesOf(to) }));
    // One variable's new value may be another's old one: all are read before any is written.
    const bytes = moved.map(({ from, bytes: size }) => heap.view("uint8", from, size).slice());
    for (const [i, { home, bytes: size }] of moved.entries())
      heap.view("uint8", home.address, size).set(bytes[i]!);
    for (const { home, index } of this.#updated) home.commit(this.#task.variables[index]!);
  }
}
