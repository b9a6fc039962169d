import { createReadStream, statSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, resolve, sep } from "node:path";

const types = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json",
  ".ipynb": "application/x-ipynb+json",
  ".svg": "image/svg+xml",
  ".woff2": "font/woff2",
  ".woff": "font/woff",
  ".ttf": "font/ttf",
  ".wasm": "application/wasm",
};

const isolation = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
  "Cross-Origin-Resource-Policy": "same-origin",
};

/** Cells are text that is evaluated, in a worker that reaches nothing but this server; the page evaluates nothing. */
const workerPolicy =
  "default-src 'none'; script-src 'self' 'unsafe-eval' 'wasm-unsafe-eval'; connect-src 'self'; worker-src 'self'";

/**
 * Serves the page on this machine alone.
 *
 * @param {string} folder
 * @param {{ port?: number, isolated?: boolean, prefix?: string }} [options] `port` 0 takes any that is free; `isolated`
 *   sends the headers by which memory can be shared between threads; `prefix` is the folder under which it appears
 * @returns {Promise<{ address: string, close: () => Promise<void> }>}
 */
export function serveLab(folder, { port = 0, isolated = true, prefix = "/" } = {}) {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://localhost");
    const file = pathname.startsWith(prefix) ? fileFor(folder, pathname.slice(prefix.length)) : null;
    if (file === null) {
      response.writeHead(404, { "Content-Type": "text/plain" }).end("Not found");
      return;
    }
    const extension = extname(file);
    response.writeHead(200, {
      "Content-Type": types[/** @type {keyof typeof types} */ (extension)] ?? "application/octet-stream",
      "Cache-Control": "no-cache",
      "X-Content-Type-Options": "nosniff",
      ...(extension === ".js" ? { "Content-Security-Policy": workerPolicy } : {}),
      ...(isolated ? isolation : {}),
    });
    if (request.method === "HEAD") response.end();
    else createReadStream(file).pipe(response);
  });
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      const { port: taken } = /** @type {import("node:net").AddressInfo} */ (server.address());
      const close = () =>
        /** @type {Promise<void>} */ (
          new Promise((done) => {
            server.close(() => done());
            server.closeAllConnections();
          })
        );
      resolve({ address: `http://127.0.0.1:${taken}${prefix}`, close });
    });
  });
}

/**
 * @param {string} folder
 * @param {string} path as the browser asks for it
 */
function fileFor(folder, path) {
  try {
    const base = resolve(folder);
    const file = join(base, decodeURIComponent(path));
    if (file !== base && !file.startsWith(base + sep)) return null;
    const found = statSync(file).isDirectory() ? join(file, "index.html") : file;
    return statSync(found).isFile() ? found : null;
  } catch {
    return null;
  }
}
