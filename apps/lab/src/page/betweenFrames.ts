/** @file Work that can wait until the page has nothing to draw. */

/** The longest wait, in milliseconds: a page may be busy for long. */
const timeout = 500;

/** Calls `work` between frames, where the browser can tell. */
export function betweenFrames(work: () => void): void {
  if (typeof requestIdleCallback === "function") requestIdleCallback(work, { timeout });
  else setTimeout(work);
}
