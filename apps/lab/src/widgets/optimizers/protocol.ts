/** @file Messages between the page and its worker. */
import type { Reply, Task } from "./tasks.js";

export interface Request {
  readonly id: number;
  readonly task: Task;
}

export interface Answer {
  readonly id: number;
  readonly reply?: Reply;
  /** The task failed: what to tell the reader. */
  readonly error?: string;
  readonly isLast: boolean;
}
