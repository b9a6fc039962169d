/** @file `nabla kernel`: installs, removes and runs the Jupyter kernel. */
import { realpathSync } from "node:fs";
import {
  activeEnvironment,
  installKernel,
  type KernelPlace,
  runKernel,
  uninstallKernel,
} from "nabla/notebook";
import { exitCodes } from "./run.js";

/** The options by which `install` and `uninstall` say where. */
export interface PlaceOptions {
  readonly name: string;
  readonly prefix?: string;
  readonly sysPrefix?: boolean;
}

async function placeOf({ name, prefix, sysPrefix }: PlaceOptions): Promise<KernelPlace> {
  const chosen = sysPrefix ? await activeEnvironment() : prefix;
  return { name, ...(chosen === undefined ? {} : { prefix: chosen }) };
}

/** Runs a command; what is wrong with the files, names or packages it needs is said in one line. */
async function report(work: () => Promise<string | null>): Promise<number> {
  const known = ["KernelInstallError", "ConnectionError", "TransportError"];
  try {
    const text = await work();
    if (text !== null) console.log(text);
    return exitCodes.success;
  } catch (error) {
    const { name, message, code } = error as NodeJS.ErrnoException;
    if (!known.includes(name) && code === undefined) throw error;
    console.error(`nabla kernel: ${message}`);
    return exitCodes.usage;
  }
}

/** Installs the kernel, with this very program as its command, and gives the exit code. */
export function install(options: PlaceOptions & { readonly displayName: string }): Promise<number> {
  const program = realpathSync(process.argv[1]!);
  const command = [process.execPath, ...process.execArgv, program, "kernel", "start"];
  return report(async () => {
    const { displayName } = options;
    return `Installed ${await installKernel({ ...(await placeOf(options)), displayName, command })}`;
  });
}

/** Removes the kernel, and gives the exit code. */
export function uninstall(options: PlaceOptions): Promise<number> {
  return report(async () => `Removed ${await uninstallKernel(await placeOf(options))}`);
}

/** Runs a kernel until its front end ends it, and gives the exit code. */
export function start(connectionFile: string): Promise<number> {
  return report(async () => {
    await runKernel(connectionFile);
    return null;
  });
}
