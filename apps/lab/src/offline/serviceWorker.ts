/**
 * @file Keeps the page's files, so that it opens without a network; and answers with the headers that isolate the page,
 * for hosts that cannot send them: isolated pages can stop an endless loop and keep the variables.
 */
/// <reference lib="webworker" />
const scope = self as unknown as ServiceWorkerGlobalScope;

// The build replaces both texts.
const files = "__FILES__" as unknown as string[];
const version: string = "__VERSION__";

const prefix = `nabla-lab ${scope.registration.scope} `;
const cacheName = prefix + version;

/** Fetched one after the other: the page itself is still loading, and comes first. */
async function keepFiles(): Promise<void> {
  const cache = await caches.open(cacheName);
  for (const file of files) {
    const address = new URL(file, scope.registration.scope).href;
    // Names with a hash never change, so those that the browser has need no request.
    const response = await fetch(address, { cache: /-[\w-]{8}\.\w+$/.test(file) ? "default" : "no-cache" });
    if (!response.ok) throw new Error(`${address}: ${response.status}`);
    await cache.put(address, response);
  }
}

async function dropOldFiles(): Promise<void> {
  for (const name of await caches.keys()) {
    if (name.startsWith(prefix) && name !== cacheName) await caches.delete(name);
  }
}

function isolated(response: Response): Response {
  const headers = new Headers(response.headers);
  headers.set("Cross-Origin-Opener-Policy", "same-origin");
  headers.set("Cross-Origin-Embedder-Policy", "require-corp");
  headers.set("Cross-Origin-Resource-Policy", "same-origin");
  return new Response(response.body, { status: response.status, statusText: response.statusText, headers });
}

async function answer(request: Request): Promise<Response> {
  const cache = await caches.open(cacheName);
  const kept = await cache.match(request, { ignoreSearch: request.mode === "navigate" });
  return isolated(kept ?? (await fetch(request)));
}

scope.addEventListener("install", (event) => {
  // A later version waits until no page of the earlier is open: what that has not loaded yet is in its own files.
  event.waitUntil(keepFiles());
});
scope.addEventListener("activate", (event) => {
  event.waitUntil(dropOldFiles().then(() => scope.clients.claim()));
});
scope.addEventListener("fetch", (event) => {
  const { method, url } = event.request;
  if (method === "GET" && url.startsWith(scope.registration.scope)) event.respondWith(answer(event.request));
});
