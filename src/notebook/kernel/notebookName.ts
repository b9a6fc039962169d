/** @file The name of the notebook that a kernel runs: the protocol has no place for it, but front ends give hints. */
import { basename, posix } from "node:path";
import type { Content } from "./messages.js";

/** What a notebook is called that nobody names. */
export const unnamed = "notebook.ipynb";

/** The name by which Jupyter's own server starts a kernel, where it does. */
export function nameInEnvironment(): string | null {
  const path = process.env["JPY_SESSION_NAME"];
  return path ? basename(path) : null;
}

/** VS Code gives the address of the cell that is to run, in which the notebook's path stands. */
export function nameInRequest({ cellId }: Content): string | null {
  const path = typeof cellId === "string" ? /^vscode-notebook-cell:([^?#]+)/.exec(cellId)?.[1] : undefined;
  if (path === undefined) return null;
  try {
    return posix.basename(decodeURIComponent(path)) || null;
  } catch {
    return null;
  }
}
