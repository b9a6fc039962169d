#!/usr/bin/env node
/** @file The `nabla` command. */
import { createRequire } from "node:module";
import { Command, CommanderError, InvalidArgumentError } from "commander";
import { exitCodes, run } from "./run.js";

const { version, description } = createRequire(import.meta.url)("nabla/package.json") as {
  version: string;
  description: string;
};

function seconds(text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new InvalidArgumentError("A time in seconds must be a number above 0.");
  return value;
}

const program = new Command("nabla").description(description).version(version).exitOverride();

program
  .command("run")
  .description("Run a TypeScript notebook from top to bottom.")
  .argument("<notebook>", "an .ipynb file")
  .option("--out <file>", "write the executed notebook here")
  .option("--html <file>", "write a page that shows it, and needs no network, here")
  .option("--timeout <seconds>", "stop a cell that runs longer", seconds)
  .option("--allow-errors", "go on after a cell that fails")
  .addHelpText(
    "after",
    `
Without --out and --html both are written beside the notebook: NAME.executed.ipynb and NAME.html.
Cells tagged "raises-exception" may fail.

Exit codes:
  ${exitCodes.success}    every cell ran (or its error was allowed)
  ${exitCodes.failure}    a cell failed or ran out of time; what was executed so far is written
  ${exitCodes.usage}    wrong arguments, or a file that is not a TypeScript notebook
  ${exitCodes.interrupted}  interrupted by Ctrl-C; what was executed so far is written`,
  )
  .action(async (notebook: string, options) => {
    process.exitCode = await run(notebook, options);
  });

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  process.exitCode = error.exitCode === 0 ? exitCodes.success : exitCodes.usage;
}
