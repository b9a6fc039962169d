import { createHash } from "node:crypto";
import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

/** The clone's root, with a trailing separator. */
export const root = fileURLToPath(new URL("../", import.meta.url));

/**
 * Runs `work` while no other process of this clone runs work under the same name.
 *
 * The lock is a listening socket whose name lives in the kernel, not on disk, so it vanishes with the process
 * however that ends: there is no stale lock to guess about. Systems without such names run unlocked.
 *
 * @template Result
 * @param {string} name
 * @param {() => Result | Promise<Result>} work
 * @returns {Promise<Result>}
 */
export async function withLock(name, work) {
  const address = socketName(name);
  if (address === null) return work();
  let server = await listen(address);
  if (server === null) console.log(`Waiting for another process to finish the ${name} …`);
  while (server === null) {
    await sleep(200);
    server = await listen(address);
  }
  try {
    return await work();
  } finally {
    server.close();
  }
}

/** @param {string} name */
function socketName(name) {
  const id = `nabla-${name}-${createHash("sha256").update(root).digest("hex").slice(0, 16)}`;
  if (process.platform === "linux") return `\0${id}`;
  if (process.platform === "win32") return `\\\\.\\pipe\\${id}`;
  return null;
}

/**
 * @param {string} address
 * @returns {Promise<import("node:net").Server | null>} null when another process holds the name
 */
function listen(address) {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", (error) => {
      if ("code" in error && error.code === "EADDRINUSE") resolve(null);
      else reject(error);
    });
    server.listen(address, () => resolve(server));
  });
}
