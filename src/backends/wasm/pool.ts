/**
 * @file Runs programs of steps, on several threads where that pays.
 *
 * The main thread walks the steps. A step large enough is opened to the workers, who take chunks of its units side by side with
 * the main thread; all other steps cost them nothing. The main thread never waits for a worker to come, only for those who
 * are in the midst of a chunk: a program is done also if no worker ever comes up.
 */
import type { Heap } from "./heap.js";
import { type LoadedRoutine, processLibrary, type RoutineLibrary } from "./module.js";
import { CONTROL, CONTROL_WORDS, SPINS } from "./poolControl.js";
import { hardwareThreads, mayWait, type RunningWorker, startWorker } from "./poolHost.js";
import { MAX_WORKERS } from "./routine.js";

/** A step: units of a routine, or a call of JavaScript. */
export type Step = RoutineStep | HostStep;

export interface RoutineStep {
  readonly routine: LoadedRoutine;
  /** Address of its argument block. */
  readonly args: number;
  readonly units: number;
  /** A rough number of nanoseconds for one unit. */
  readonly unitCost: number;
}

export interface HostStep {
  readonly host: () => void;
}

/** Steps as they are run: `grain` units at a time, opened to the workers or not. */
type PlannedStep = HostStep | { readonly step: RoutineStep; readonly grain: number; readonly open: boolean };

/** A program, cut into chunks. */
export interface Plan {
  readonly steps: readonly PlannedStep[];
  /** Whether workers take part. */
  readonly threaded: boolean;
  /** The number of the step at work; after an error, of the one that failed. */
  position: number;
}

/** A program with less than this many nanoseconds for workers to share runs on the main thread: waking takes some 20 µs. */
const WORTH_WAKING = 200_000;
/** The same for one step of a program whose workers are awake: opening and closing it takes a few µs. */
const WORTH_OPENING = 15_000;
/** Chunks take about this long: short against the wait for the last one, long against the taking. */
const CHUNK = 25_000;
/** Workers that ended by themselves are replaced so many times. */
const MAX_RESTARTS = 8;

/** Cuts a program into chunks. */
export function planSteps(steps: readonly Step[]): Plan {
  let forWorkers = 0;
  const planned = steps.map((step): PlannedStep => {
    if ("host" in step) return step;
    const grain = Math.max(1, Math.min(step.units, Math.round(CHUNK / Math.max(step.unitCost, 1))));
    const cost = step.units * step.unitCost;
    const open = !step.routine.hostOnly && cost >= WORTH_OPENING && grain < step.units;
    if (open) forWorkers += cost;
    return { step, grain, open };
  });
  return { steps: planned, threaded: forWorkers >= WORTH_WAKING, position: 0 };
}

/** The main thread and its workers. */
export class Pool {
  readonly #library: RoutineLibrary;
  readonly #heap: Heap;
  #control = 0;
  #words = new Int32Array(0);
  readonly #workers = new Map<number, RunningWorker>();
  #threads = Math.min(hardwareThreads(), MAX_WORKERS);
  #restarts = 0;
  #phase = 0;
  readonly #mayWait = mayWait();

  constructor(library: RoutineLibrary) {
    this.#library = library;
    this.#heap = library.heap;
  }

  /** How many threads work on a program, the main thread among them. */
  get threads(): number {
    return this.#threads;
  }

  set threads(count: number) {
    this.#threads = Math.max(1, Math.min(Math.floor(count), MAX_WORKERS));
  }

  /** How many workers have come up. */
  get ready(): number {
    return this.#control === 0 ? 0 : Atomics.load(this.#words, CONTROL.ready);
  }

  /**
   * Runs a program.
   *
   * @throws what a step throws, here or in a worker; `plan.position` is its number
   */
  run(plan: Plan): void {
    const threaded = plan.threaded && this.#threads > 1 && this.#heap.shared;
    if (threaded) this.#prepare();
    for (let i = 0; i < plan.steps.length; i++) {
      plan.position = i;
      const planned = plan.steps[i]!;
      if ("host" in planned) planned.host();
      else if (planned.open && threaded) this.#runOpen(planned.step, planned.grain);
      else runAlone(planned.step, planned.grain);
    }
  }

  /** Starts the workers without waiting for them: they take part in what runs when they are up. */
  start(): void {
    if (this.#control === 0) this.#makeControl();
    for (let id = 1; id < this.#threads; id++) {
      if (this.#workers.has(id) || this.#restarts > MAX_RESTARTS) continue;
      const { memory } = this.#heap;
      const data = { memory, control: this.#control, words: CONTROL_WORDS, id };
      const worker = startWorker(data, () => this.#lose(id));
      if (worker === null) this.#restarts = MAX_RESTARTS + 1;
      else this.#workers.set(id, worker);
    }
  }

  /** Ends the workers. The next program that is worth it starts them again. */
  stop(): void {
    for (const worker of this.#workers.values()) worker.stop();
    this.#workers.clear();
    // Their words stay behind with them: a worker that is being stopped may still write there.
    this.#control = 0;
  }

  #lose(id: number): void {
    this.#workers.delete(id);
    this.#restarts++;
  }

  #makeControl(): void {
    this.#control = this.#heap.allocate(4 * CONTROL_WORDS, "the thread pool's words");
    this.#words = this.#heap.view("int32", this.#control, CONTROL_WORDS) as Int32Array<ArrayBuffer>;
    this.#words.fill(0);
    this.#phase = 0;
  }

  #prepare(): void {
    this.start();
    const { first, count } = this.#library.modules;
    this.#words[CONTROL.helpers] = this.#threads - 1;
    this.#words[CONTROL.firstModule] = first;
    Atomics.store(this.#words, CONTROL.moduleCount, count);
  }

  #runOpen({ routine, args, units }: RoutineStep, grain: number): void {
    const words = this.#words;
    words[CONTROL.routine] = routine.number;
    words[CONTROL.args] = args;
    words[CONTROL.units] = units;
    words[CONTROL.grain] = grain;
    words[CONTROL.failed] = 0;
    Atomics.store(words, CONTROL.next, 0);
    Atomics.store(words, CONTROL.phase, ++this.#phase | 0);
    if (Atomics.load(words, CONTROL.sleepers) > 0) Atomics.notify(words, CONTROL.phase);
    try {
      for (;;) {
        const begin = Atomics.add(words, CONTROL.next, grain);
        if (begin >= units) break;
        routine.run(args, begin, Math.min(begin + grain, units), 0);
      }
    } finally {
      this.#close(units);
    }
    const failed = words[CONTROL.failed]!;
    if (failed !== 0) throw this.#workerError(failed);
  }

  /** Closes the open step and waits for the workers inside. */
  #close(units: number): void {
    const words = this.#words;
    // If the main thread failed, the rest is not done.
    Atomics.store(words, CONTROL.next, units);
    Atomics.store(words, CONTROL.phase, ++this.#phase | 0);
    for (let spins = SPINS; ; spins--) {
      const active = Atomics.load(words, CONTROL.active);
      if (active === 0) return;
      if (spins > 0 || !this.#mayWait) continue;
      Atomics.store(words, CONTROL.joining, 1);
      Atomics.wait(words, CONTROL.active, active);
      Atomics.store(words, CONTROL.joining, 0);
    }
  }

  #workerError(failed: number): Error {
    const words = this.#words;
    const characters = words.subarray(CONTROL.message, CONTROL.message + words[CONTROL.messageLength]!);
    return new Error(`worker ${failed}: ${String.fromCharCode(...characters)}`);
  }
}

/** In chunks also here: the engine turns to its better code between calls only. */
function runAlone({ routine, args, units }: RoutineStep, grain: number): void {
  for (let begin = 0; begin < units; begin += grain) {
    routine.run(args, begin, Math.min(begin + grain, units), 0);
  }
}

let pool: Pool | undefined;

/** The pool of this process. */
export function processPool(): Pool {
  return (pool ??= new Pool(processLibrary()));
}
