/** @file A process that is a kernel. */
import { readConnection } from "./connection.js";
import { Kernel } from "./kernel.js";
import { nameInEnvironment } from "./notebookName.js";

/** How long a cell that is told to stop may go on before its thread is ended, in milliseconds. */
const patience = 5000;

/**
 * Runs a kernel in this process, in its folder, until a front end asks it to end or the process that started it is
 * gone. Throws ConnectionError if the connection file says too little, TransportError if ZeroMQ is not installed.
 */
export async function runKernel(connectionFile: string): Promise<void> {
  const connection = await readConnection(connectionFile);
  const options = { folder: process.cwd(), filename: nameInEnvironment(), patience };
  const kernel = await Kernel.start(connection, options);
  process.on("SIGINT", () => kernel.interrupt());
  await Promise.race([kernel.ended, parentGone(), terminated()]);
  await kernel.close();
}

/** Done when the process is asked to end. */
function terminated(): Promise<void> {
  return new Promise((resolve) => process.once("SIGTERM", () => resolve()));
}

/** Done when the front end that wants to be waited for is gone without having said so. */
function parentGone(): Promise<void> {
  if (process.env["JPY_PARENT_PID"] === undefined || process.platform === "win32")
    return new Promise(() => {});
  const parent = process.ppid;
  return new Promise((resolve) => {
    const timer = setInterval(() => {
      if (process.ppid === parent) return;
      clearInterval(timer);
      resolve();
    }, 1000);
    timer.unref();
  });
}
