/**
 * @file Lays out a routine's argument block: every word at a multiple of its own size.
 */
import type { Argument } from "./routine.js";

/** An argument block while it is put together. Where words lie depends on their types alone, never on their values. */
export class ArgumentBlock {
  readonly list: Argument[] = [];
  #bytes = 0;

  /** Appends a word, and gives its byte offset. */
  add(argument: Argument): number {
    const size = "f64" in argument ? 8 : 4;
    const offset = Math.ceil(this.#bytes / size) * size;
    this.#bytes = offset + size;
    this.list.push(argument);
    return offset;
  }
}
