/**
 * @file The argument blocks of a program's routines, in one block of the heap, with the places of the addresses in them.
 */
import type { Heap } from "./heap.js";
import type { Argument } from "./routine.js";

/** An address in the blocks: where it stands, and what it is the address of. */
interface Relocation<B> {
  /** Index of the word, from the beginning of all blocks. */
  readonly word: number;
  readonly array: B;
  readonly bytes: number;
}

/** Blocks of words while they are put together. `B` is an array of the program. */
export class ArgumentBlocks<B> {
  readonly #relocations: Relocation<B>[] = [];
  readonly #words: { offset: number; argument: Exclude<Argument, { array: number }> }[] = [];
  #bytes = 0;
  #address = 0;

  /** Adds a block; its arrays are given by their numbers in the arguments. Returns its offset. */
  add(args: readonly Argument[], arrays: readonly B[]): number {
    const start = Math.ceil(this.#bytes / 16) * 16;
    let offset = start;
    for (const argument of args) {
      const size = "f64" in argument ? 8 : 4;
      offset = Math.ceil(offset / size) * size;
      if ("array" in argument) {
        const { array, bytes } = argument;
        this.#relocations.push({ word: offset / 4, array: arrays[array]!, bytes });
      } else this.#words.push({ offset, argument });
      offset += size;
    }
    this.#bytes = offset;
    return start;
  }

  /** Puts the blocks in the heap; from here on they stay where they are. */
  place(heap: Heap, what: string): number {
    this.#address = heap.allocate(this.#bytes, what);
    const view = new DataView(heap.memory.buffer, this.#address, this.#bytes);
    for (const { offset, argument } of this.#words) {
      if ("i32" in argument) view.setInt32(offset, argument.i32, true);
      else if ("f32" in argument) view.setFloat32(offset, argument.f32, true);
      else view.setFloat64(offset, argument.f64, true);
    }
    return this.#address;
  }

  /** Writes the addresses of all arrays. */
  bind(heap: Heap, addressOf: (array: B) => number): void {
    const words = heap.view("int32", this.#address, Math.ceil(this.#bytes / 4));
    for (const { word, array, bytes } of this.#relocations) words[word] = (addressOf(array) + bytes) | 0;
  }
}
