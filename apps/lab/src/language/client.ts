/** @file The page's end of the worker that knows the types. It starts late and nothing waits for it. */
import type { Answer, Ask, QuestionName, Questions } from "./protocol.js";

/** Asks the worker; until it has started, and after it has failed, there are no answers. */
export class LanguageClient {
  private worker: Worker | null = null;
  private readonly waiting = new Map<number, (answer: unknown) => void>();
  private lastId = 0;

  get isStarted(): boolean {
    return this.worker !== null;
  }

  start(): void {
    const worker = new Worker(new URL("./languageWorker.ts", import.meta.url), {
      type: "module",
      name: "types",
    });
    worker.addEventListener("message", ({ data }: MessageEvent<Answer>) => {
      this.waiting.get(data.id)?.(data.answer);
      this.waiting.delete(data.id);
    });
    worker.addEventListener("error", () => this.end());
    this.worker = worker;
  }

  ask<Name extends QuestionName>(
    name: Name,
    question: Questions[Name]["ask"],
  ): Promise<Questions[Name]["answer"] | null> {
    const { worker } = this;
    if (worker === null) return Promise.resolve(null);
    return new Promise((resolve) => {
      const id = ++this.lastId;
      this.waiting.set(id, resolve as (answer: unknown) => void);
      worker.postMessage({ id, name, question } satisfies Ask<Name>);
    });
  }

  private end(): void {
    this.worker?.terminate();
    this.worker = null;
    for (const resolve of this.waiting.values()) resolve(null);
    this.waiting.clear();
  }
}
