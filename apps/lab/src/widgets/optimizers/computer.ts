/** @file The page's side of the worker. */
import type { Answer, Request } from "./protocol.js";
import type { Reply, Task } from "./tasks.js";

type Listener = (answer: Answer) => void;

/** Computes off the page. */
export class Computer {
  private readonly worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
  private readonly listeners = new Map<number, Listener>();
  private readonly current = new Map<Task["kind"], number>();
  private last = 0;

  constructor(onFailure: (message: string) => void) {
    this.worker.addEventListener("message", ({ data }: MessageEvent<Answer>) => {
      const listener = this.listeners.get(data.id);
      if (data.isLast) this.listeners.delete(data.id);
      listener?.(data);
    });
    this.worker.addEventListener("error", (event) =>
      onFailure(event.message || "the worker could not start"),
    );
  }

  /** Asks for a task; answers to older tasks of its kind are no longer heard. */
  ask(task: Task, onReply: (reply: Reply) => void, onError: (message: string) => void): void {
    this.forget(task.kind);
    const id = ++this.last;
    this.current.set(task.kind, id);
    this.listeners.set(id, ({ reply, error }) => {
      if (error !== undefined) onError(error);
      else if (reply !== undefined) onReply(reply);
    });
    this.worker.postMessage({ id, task } satisfies Request);
  }

  /** No longer hears answers to the task of a kind. */
  forget(kind: Task["kind"]): void {
    this.listeners.delete(this.current.get(kind) ?? 0);
  }

  end(): void {
    this.worker.terminate();
    this.listeners.clear();
  }
}
