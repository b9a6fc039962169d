/** @file An executor for tests, and what plain JavaScript does with the same code. */
import { inspect } from "node:util";
import { type CellEvent, CellExecutor } from "nabla/notebook";

export interface TestExecutor {
  readonly executor: CellExecutor;
  readonly events: CellEvent[];
  /** Runs a cell and gives the text of its value, or its error. */
  run(source: string): Promise<string>;
}

export function testExecutor(
  options: Partial<ConstructorParameters<typeof CellExecutor>[0]> = {},
): TestExecutor {
  const events: CellEvent[] = [];
  const executor = new CellExecutor({
    filename: "test.ipynb",
    importModule: (specifier) => import(specifier),
    inspect: (value) => inspect(value, { depth: 6 }),
    emit: (event) => events.push(event),
    ...options,
  });
  const run = async (source: string): Promise<string> => {
    const result = await executor.execute(source);
    if (!result.ok) return `${result.error.name}: ${result.error.message}`;
    return result.value === undefined ? "undefined" : String(result.value["text/plain"]);
  };
  return { executor, events, run };
}

const AsyncFunction = Object.getPrototypeOf(async () => {}).constructor as new (
  body: string,
) => () => Promise<unknown>;

/** What plain JavaScript makes of statements and a last expression. */
export async function plainJavaScript(statements: string, expression: string): Promise<string> {
  try {
    return inspect(await new AsyncFunction(`"use strict"; ${statements}\nreturn (${expression}\n);`)(), {
      depth: 6,
    });
  } catch (error) {
    return error instanceof Error ? `${error.name}: ${error.message}` : `Uncaught: ${inspect(error)}`;
  }
}
