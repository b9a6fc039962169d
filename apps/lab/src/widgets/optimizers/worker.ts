/** @file The worker that computes, so that the page stays free. A newer task of a kind ends the older one. */
import type { Answer, Request } from "./protocol.js";
import { perform, type Task } from "./tasks.js";

const scope = self as unknown as DedicatedWorkerGlobalScope;
const newest = new Map<Task["kind"], number>();

/** Milliseconds of work between two looks at the mail. */
const turn = 15;
const nextTurn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));
const send = (answer: Answer): void => scope.postMessage(answer);

async function answer({ id, task }: Request): Promise<void> {
  let deadline = performance.now() + turn;
  for (const reply of perform(task)) {
    if (reply !== null && reply.kind !== "progress") send({ id, reply, isLast: true });
    if (performance.now() < deadline) continue;
    if (reply?.kind === "progress") send({ id, reply, isLast: false });
    await nextTurn();
    if (newest.get(task.kind) !== id) return;
    deadline = performance.now() + turn;
  }
}

scope.addEventListener("message", async ({ data }: MessageEvent<Request>) => {
  newest.set(data.task.kind, data.id);
  try {
    await answer(data);
  } catch (error) {
    send({ id: data.id, error: error instanceof Error ? error.message : String(error), isLast: true });
  }
});
