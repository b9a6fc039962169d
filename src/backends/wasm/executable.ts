/**
 * @file A program in WebAssembly: its arrays in the heap, its kernels as routines, its run as a walk over steps.
 */
import { type MemoryPlan, planMemory } from "../../compile/memory.js";
import type { Buffer, Program } from "../../compile/program.js";
import { updatesInPlace } from "../../compile/updates.js";
import type { Task } from "../../core/compiler.js";
import { copyOfArray, bytesOf as elementBytes, type TypedArray } from "../../core/dtype.js";
import { ValueError } from "../../core/errors.js";
import { type Spec, specOfValue } from "../../core/spec.js";
import { Tensor } from "../../core/tensor.js";
import type { ConstantData, GraphValue } from "../../ir/graph.js";
import { Arena } from "./arena.js";
import { type Heap, processHeap } from "./heap.js";
import { type Place, placeIn, roomFor } from "./place.js";
import { type Plan, planSteps, processPool } from "./pool.js";
import { type Resident, Residents, SMALLEST_BYTES } from "./residents.js";
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
  readonly residents: Residents;
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
    const [homes, residents] = [new VariableHomes(heap), new Residents(heap)];
    shared = { heap, arenas: [], depth: 0, homes, residents, blocks };
  }
  return shared;
}

const bytesOf = (buffer: Buffer): number => buffer.size * elementBytes(buffer.dtype);

const plans = new WeakMap<Program, MemoryPlan>();

/** The plan of a program whose results stay: the same for all that run it, since what lies outside the arena follows from it. */
function memoryOf(program: Program, external: ReadonlySet<Buffer>): MemoryPlan {
  let plan = plans.get(program);
  if (plan === undefined) plans.set(program, (plan = planMemory(program, { external })));
  return plan;
}

/** Results that are large and nothing else, with their specs. */
function largeResults(
  { inputs, outputs, constants }: Program,
  values: readonly GraphValue[],
  fixed: ReadonlyMap<Buffer, VariableHome>,
): Map<Buffer, Spec> {
  const large = new Map<Buffer, Spec>();
  for (const [i, value] of values.entries()) {
    const buffer = outputs[i]!;
    const isItsOwn = outputs.indexOf(buffer) === i && outputs.lastIndexOf(buffer) === i;
    const isElsewhere = inputs.includes(buffer) || constants.has(buffer) || fixed.has(buffer);
    if (bytesOf(buffer) >= SMALLEST_BYTES && isItsOwn && !isElsewhere) large.set(buffer, specOfValue(value));
  }
  return large;
}

/** A variable that a program changes. */
interface Updated {
  readonly home: VariableHome;
  readonly index: number;
  readonly to: Buffer;
  readonly inPlace: boolean;
}

/** No version of the heap: addresses are to be written before the next run. */
const NOT_BOUND = -1;

export interface ExecutableOptions {
  /** Values of the program's constants. */
  readonly constants?: ReadonlyMap<Buffer, ConstantData>;
  /** Whether large results stay in the heap until someone reads them; else they are arrays at once. */
  readonly resultsStay?: boolean;
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
  /** Large results: each run gives them a place of their own, where they stay until someone reads them. */
  readonly #large: ReadonlyMap<Buffer, Spec>;
  /** Addresses of large results, and of arguments that are in the heap already. */
  readonly #places = new Map<Buffer, number>();
  /** What the run at work has taken there. */
  readonly #taken = new Map<Buffer, Resident>();
  /** Where the scratch of steps begins in the arena. */
  readonly #scratchAt: number;
  readonly #builder: StepBuilder;
  readonly #plan: Plan;
  /** Where the arena was when addresses were written. */
  #arenaAt = -1;
  #boundVersion = NOT_BOUND;
  #isRunning = false;

  /** @param program  in the order of its updates */
  constructor(
    task: Task,
    readonly program: Program,
    { constants = program.constants, resultsStay = true }: ExecutableOptions = {},
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

    const mayStay = resultsStay ? task.graph.outputs.slice(0, results) : [];
    this.#large = largeResults(program, mayStay, this.#fixed);
    const external = new Set([...this.#fixed.keys(), ...this.#large.keys()]);
    const memory = resultsStay ? memoryOf(program, external) : planMemory(program, { external });
    const offsets = new Map(memory.offsets);
    let bytes = roomFor(memory.bytes);
    for (const buffer of program.inputs) {
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
    const place = this.#places.get(buffer);
    if (place !== undefined) return place;
    const constant = this.#constants.get(buffer);
    if (constant !== undefined) return constant;
    return this.#arenaAt + this.#offsets.get(buffer)!;
  }

  #view(buffer: Buffer): TypedArray {
    return this.#shared.heap.view(buffer.dtype, this.#baseOf(buffer), buffer.size);
  }

  /** Addresses may change between runs: when the arena or the memory grows, and with the arguments and large results. */
  #bind(args: readonly Tensor[]): void {
    const { heap, arenas, depth } = this.#shared;
    this.#takePlaces(args);
    const arena = (arenas[depth] ??= new Arena(heap));
    arena.ensure(this.peakBytes, `the arrays of ${this.#task.name}`);
    if (arena.address === this.#arenaAt && heap.version === this.#boundVersion) return;
    this.#arenaAt = arena.address;
    this.#builder.bind((place) => this.#addressOf(place));
    this.#boundVersion = heap.version;
  }

  /** Takes the places of arguments that are in the heap already, and new ones for large results. */
  #takePlaces(args: readonly Tensor[]): void {
    const { residents } = this.#shared;
    const take = (buffer: Buffer, resident: Resident): void => {
      this.#taken.set(buffer, resident);
      if (this.#places.get(buffer) === resident.address) return;
      this.#places.set(buffer, resident.address);
      this.#boundVersion = NOT_BOUND;
    };
    residents.beginRun();
    for (const [i, tensor] of args.entries()) {
      const buffer = this.program.inputs[i]!;
      const resident = residents.take(tensor);
      if (resident !== null) take(buffer, resident);
      else if (this.#places.delete(buffer)) this.#boundVersion = NOT_BOUND;
    }
    for (const [buffer, spec] of this.#large)
      take(buffer, residents.takeNew(spec, `a result of ${this.#task.name}`));
  }

  #releasePlaces(succeeded: boolean): void {
    for (const [buffer, resident] of this.#taken) {
      resident.uses--;
      if (!succeeded && this.#large.has(buffer)) this.#shared.residents.free(resident);
    }
    this.#taken.clear();
  }

  run(args: readonly Tensor[]): Tensor[] {
    if (this.#isRunning)
      throw new ValueError(`${this.#task.name}: a function of the host called the program it is part of`);
    let succeeded = false;
    try {
      this.#bind(args);
      this.#load(args);
      this.#runSteps();
      const results = this.#results();
      this.#commit();
      succeeded = true;
      return results;
    } finally {
      this.#releasePlaces(succeeded);
    }
  }

  /** Puts arguments and variables where the steps read them. */
  #load(args: readonly Tensor[]): void {
    for (const [i, tensor] of args.entries()) {
      const buffer = this.program.inputs[i]!;
      if (this.#taken.has(buffer)) continue;
      const view = this.#view(buffer);
      if (view.length === 1) view[0] = tensor.first;
      else view.set(tensor.storage);
    }
    for (const [i, home] of this.#homes.entries()) home.load(this.#task.variables[i]!);
    for (const { home, inPlace } of this.#updated) if (inPlace) home.release();
  }

  #results(): Tensor[] {
    const { graph } = this.#task;
    const { outputs } = this.program;
    return outputs.slice(0, outputs.length - this.#updated.length).map((buffer, i) => {
      if (this.#large.has(buffer)) return this.#shared.residents.tensorOf(this.#taken.get(buffer)!);
      const spec = specOfValue(graph.outputs[i]!);
      const view = this.#view(buffer);
      return new Tensor(spec.shape.length === 0 ? view[0]! : copyOfArray(spec.dtype, view), spec);
    });
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
