/** @file Keeps what the reader changed in this browser, so that neither a reload nor a crash loses it. */
import { createStore, del, get, set } from "idb-keyval";
import { betweenFrames } from "../page/betweenFrames.js";

/** Milliseconds without a change after which the notebook is kept … */
const pause = 400;
/** … and after which it is kept although it goes on changing, as below a cell that runs. */
const longestWait = 3000;

const store = createStore("nabla-lab", "notebooks");

/** What was changed just before the page was left: databases are too slow for that moment. */
const lastWords = "nabla-lab unkept";

/** The text of a notebook as it was last kept; undefined if it was never changed. */
export async function keptText(key: string): Promise<string | undefined> {
  const said = localStorage.getItem(lastWords);
  const unkept = said === null ? null : (JSON.parse(said) as { key: string; text: string });
  if (unkept !== null) {
    await set(unkept.key, unkept.text, store);
    localStorage.removeItem(lastWords);
  }
  return get<string>(key, store);
}

export const forgetText = (key: string): Promise<void> => del(key, store);

/** A file as it was opened. */
export const keptFile = (key: string): Promise<string | undefined> => get<string>(`original ${key}`, store);

/** Keeps a file as it was opened. */
export const keepFile = (key: string, text: string): Promise<void> => set(`original ${key}`, text, store);

/** Keeps one notebook whenever it has changed. */
export class EditKeeper {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private isDirty = false;
  private dirtySince = 0;
  private readonly onHide = (): void => this.keepAtOnce();

  /** `text` is the notebook now; `onKept` is called with an error if the browser does not keep it. */
  constructor(
    private readonly key: string,
    private readonly text: () => string,
    private readonly onKept: (error: Error | null) => void,
  ) {
    document.addEventListener("visibilitychange", this.onHide);
    window.addEventListener("pagehide", this.onHide);
  }

  /** Something has changed. */
  touch(): void {
    const now = performance.now();
    if (!this.isDirty) this.dirtySince = now;
    this.isDirty = true;
    clearTimeout(this.timer);
    const wait = Math.min(pause, Math.max(0, this.dirtySince + longestWait - now));
    this.timer = setTimeout(() => betweenFrames(() => void this.keep()), wait);
  }

  /** Keeps what has changed, now. */
  async keep(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (!this.isDirty) return;
    this.isDirty = false;
    try {
      await set(this.key, this.text(), store);
      this.onKept(null);
    } catch (error) {
      this.isDirty = true;
      this.onKept(error as Error);
    }
  }

  /** Keeps what has changed as the page is left; where it is too much for that, the outputs are left out. */
  private keepAtOnce(): void {
    if (!this.isDirty) return;
    const text = this.text();
    for (const candidate of [text, withoutOutputs(text)]) {
      try {
        localStorage.setItem(lastWords, JSON.stringify({ key: this.key, text: candidate }));
        break;
      } catch {
        // The next is smaller.
      }
    }
    void this.keep().then(() => {
      if (!this.isDirty) localStorage.removeItem(lastWords);
    });
  }

  /** Ends the keeping, without what is not kept yet. */
  close(): void {
    clearTimeout(this.timer);
    this.isDirty = false;
    document.removeEventListener("visibilitychange", this.onHide);
    window.removeEventListener("pagehide", this.onHide);
  }
}

function withoutOutputs(text: string): string {
  const notebook = JSON.parse(text) as { cells: { outputs?: unknown[] }[] };
  for (const cell of notebook.cells) if (cell.outputs !== undefined) cell.outputs = [];
  return JSON.stringify(notebook);
}
