/** @file The worker that knows the types: TypeScript and the declarations, away from the page and from the cells. */
import declarationsAddress from "virtual:declarations";
import type { Answer, Ask } from "./protocol.js";
import { CellTypes, type Declarations } from "./service.js";

const scope = self as unknown as DedicatedWorkerGlobalScope;

async function load(): Promise<CellTypes> {
  const response = await fetch(declarationsAddress);
  return new CellTypes((await response.json()) as Declarations);
}

const types = load();

scope.addEventListener("message", async ({ data }: MessageEvent<Ask>) => {
  const { id, name, question } = data;
  const answer = (await types)[name](question as never);
  scope.postMessage({ id, answer } satisfies Answer);
});
