/**
 * @file What a pool needs of its host: how many threads, how to start one, and whether this thread may wait.
 */
import { NODE_WORKER, PAGE_WORKER } from "./poolWorker.js";

/** What a worker is given when it starts. */
export interface WorkerData {
  readonly memory: WebAssembly.Memory;
  /** Address of the control block, and its length in words. */
  readonly control: number;
  readonly words: number;
  /** 1, 2, …: the main thread is 0. */
  readonly id: number;
}

/** A worker that runs. */
export interface RunningWorker {
  stop(): void;
}

type NodeModules = {
  getBuiltinModule?: ((name: "node:worker_threads") => typeof import("node:worker_threads") | undefined) &
    ((name: "node:os") => typeof import("node:os") | undefined);
};

// Not an import: pages have no such module, and bundlers need not know.
const node = (globalThis as { process?: NodeModules }).process;

/** How many threads the machine runs at a time. */
export function hardwareThreads(): number {
  const os = node?.getBuiltinModule?.("node:os");
  return os?.availableParallelism() ?? globalThis.navigator?.hardwareConcurrency ?? 1;
}

/** Whether this thread may sleep until a word changes: the thread of a page may not. */
export function mayWait(): boolean {
  try {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 1, 0);
    return true;
  } catch {
    return false;
  }
}

/**
 * Starts a worker; it comes up on its own. It does not keep the process alive.
 *
 * @param gone  called when it has ended for a reason of its own
 * @returns     null where the host starts none
 */
export function startWorker(workerData: WorkerData, gone: () => void): RunningWorker | null {
  try {
    const threads = node?.getBuiltinModule?.("node:worker_threads");
    return threads === undefined ? startInPage(workerData, gone) : startInNode(threads, workerData, gone);
  } catch {
    return null;
  }
}

function startInNode(
  { Worker }: typeof import("node:worker_threads"),
  workerData: WorkerData,
  gone: () => void,
): RunningWorker {
  // Without the process's own flags: loaders and hooks of the program are no business of a worker that loads nothing.
  const worker = new Worker(NODE_WORKER, { eval: true, workerData, execArgv: [], name: "nabla" });
  worker.on("error", () => {}).on("exit", gone);
  worker.unref();
  return {
    stop: () => {
      worker.off("exit", gone);
      void worker.terminate();
    },
  };
}

function startInPage(workerData: WorkerData, gone: () => void): RunningWorker {
  const url = URL.createObjectURL(new Blob([PAGE_WORKER], { type: "text/javascript" }));
  const worker = new Worker(url, { type: "module", name: "nabla" });
  worker.onerror = gone;
  worker.postMessage(workerData);
  return { stop: () => worker.terminate() };
}
