/** @file Starts the service worker that keeps the page's files in the browser. */

/** Keeps the page for times without a network; a browser that cannot do so still has the page. */
export async function keepPage(): Promise<void> {
  if (!("serviceWorker" in navigator)) return;
  try {
    await navigator.serviceWorker.register("./serviceWorker.js");
  } catch (error) {
    console.info("The page is not kept for use without a network:", error);
  }
}
