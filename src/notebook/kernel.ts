/** @file The door to the Jupyter kernel, which needs Node: it is loaded when it is first used, so that browsers can do without. */
import type { InstallKernelOptions, KernelPlace } from "./kernel/kernelspec.js";

// Names in variables, so that bundlers for browsers do not follow them.
const specModule = "./kernel/kernelspec.js";
const startModule = "./kernel/start.js";
const socketsModule = "./kernel/sockets.js";

const loadSpec = (): Promise<typeof import("./kernel/kernelspec.js")> =>
  import(/* @vite-ignore */ specModule);

/**
 * Makes the kernel known to Jupyter (Node only): for the user, or below a prefix. Gives the folder that was written.
 * Throws KernelInstallError for a name that Jupyter does not allow, TransportError if the package zeromq is missing.
 *
 * @example
 * const folder = await installKernel({ prefix: "python", command: ["nabla", "kernel", "start"] });
 * folder.replaceAll("\\", "/") // python/share/jupyter/kernels/nabla
 */
export async function installKernel(options: InstallKernelOptions): Promise<string> {
  const sockets = (await import(/* @vite-ignore */ socketsModule)) as typeof import("./kernel/sockets.js");
  await sockets.loadTransport();
  return (await loadSpec()).installKernel(options);
}

/**
 * Removes an installed kernel (Node only), and gives the folder it was in. Throws KernelInstallError if there is none.
 *
 * @example
 * await installKernel({ prefix: "python", name: "trial", command: ["nabla", "kernel", "start"] });
 * (await uninstallKernel({ prefix: "python", name: "trial" })).endsWith("trial") // true
 */
export async function uninstallKernel(place: KernelPlace = {}): Promise<string> {
  return (await loadSpec()).uninstallKernel(place);
}

/** The folder of the Python environment that is active. Throws KernelInstallError if none is. */
export async function activeEnvironment(): Promise<string> {
  return (await loadSpec()).activeEnvironment();
}

/**
 * Runs a Jupyter kernel in this process (Node only), until its front end asks it to end. Throws ConnectionError if the
 * connection file says too little, TransportError if the package zeromq is missing.
 */
export async function runKernel(connectionFile: string): Promise<void> {
  const start = (await import(/* @vite-ignore */ startModule)) as typeof import("./kernel/start.js");
  return start.runKernel(connectionFile);
}
