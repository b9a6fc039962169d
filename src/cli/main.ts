#!/usr/bin/env node
/** @file The `nabla` command. */
import { createRequire } from "node:module";
import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { install, start, uninstall } from "./kernel.js";
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

const kernel = program.command("kernel").description("The kernel for VS Code, JupyterLab and others.");

/** Where a kernel is installed, for `install` and `uninstall` alike. */
const withPlace = (command: Command): Command =>
  command
    .option("--user", "for this user (the default)")
    .addOption(new Option("--prefix <dir>", "below this folder").conflicts(["user", "sysPrefix"]))
    .addOption(new Option("--sys-prefix", "in the active Python environment").conflicts(["user", "prefix"]))
    .option("--name <name>", "the kernel's name", "nabla");

withPlace(kernel.command("install").description("Make the kernel known to Jupyter."))
  .option("--display-name <name>", "what front ends call it", "TypeScript (Nabla)")
  .action(async (options) => {
    process.exitCode = await install(options);
  });

withPlace(kernel.command("uninstall").description("Remove the kernel.")).action(async (options) => {
  process.exitCode = await uninstall(options);
});

kernel
  .command("start")
  .description("Run a kernel: front ends do this.")
  .argument("<connection-file>", "the file by which a front end says where to listen")
  .action(async (connectionFile: string) => {
    process.exitCode = await start(connectionFile);
  });

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  process.exitCode = error.exitCode === 0 ? exitCodes.success : exitCodes.usage;
}
