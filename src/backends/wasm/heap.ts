/**
 * @file The heap: one WebAssembly memory per process, handed out in blocks, that holds every array the kernels work on.
 */
import { arrayConstructor, type DType, type TypedArray } from "../../core/dtype.js";
import { MemoryError } from "../../core/errors.js";
import { READ_SLACK_BYTES } from "./routine.js";

const PAGE_BYTES = 65536;
/** 4 GiB, all that 32-bit addresses reach; smaller where an engine does not reserve that much. */
const MAXIMUM_PAGES = [65536, 32768, 16384, 4096];
const INITIAL_PAGES = 32;
/** Blocks begin at multiples of this: a cache line. */
const ALIGNMENT = 64;
/** Growth beyond what is needed, so that growing is rare: half of what there is, up to this. */
const LARGEST_SPARE_PAGES = 2048;

/** Whether this thread may share memory with others: in Node always, in pages that are cross-origin isolated. */
function canShareMemory(): boolean {
  const { crossOriginIsolated } = globalThis as { crossOriginIsolated?: boolean };
  return typeof SharedArrayBuffer !== "undefined" && (crossOriginIsolated ?? true);
}

function newMemory(shared: boolean): { memory: WebAssembly.Memory; maximumPages: number } {
  let reason: unknown;
  for (const maximum of MAXIMUM_PAGES) {
    try {
      const memory = new WebAssembly.Memory({ initial: INITIAL_PAGES, maximum, shared });
      return { memory, maximumPages: maximum };
    } catch (error) {
      reason = error;
    }
  }
  throw new MemoryError("the engine gives no memory for a heap", { cause: reason });
}

interface HeapOptions {
  /** Whether threads can share it; default where the host allows it. */
  readonly shared?: boolean;
  /** The most it may grow to, in pages of 64 KiB; default what the engine allows, at most 4 GiB. */
  readonly limitPages?: number;
}

/** One WebAssembly memory, with a list of its free blocks in the order of their addresses. */
export class Heap {
  readonly memory: WebAssembly.Memory;
  readonly shared: boolean;
  /** The maximum the memory was made with: what modules that import it must declare. */
  readonly maximumPages: number;
  /** Bytes in blocks handed out. */
  bytesInUse = 0;
  readonly #limitPages: number;
  readonly #makeRoom: (() => boolean)[] = [];
  /** Sizes of the blocks handed out, by address. */
  readonly #blocks = new Map<number, number>();
  readonly #freeAt: number[] = [ALIGNMENT];
  readonly #freeBytes: number[] = [INITIAL_PAGES * PAGE_BYTES - ALIGNMENT];
  #version = 0;

  constructor({ shared = canShareMemory(), limitPages }: HeapOptions = {}) {
    const { memory, maximumPages } = newMemory(shared);
    this.memory = memory;
    this.shared = shared;
    this.maximumPages = maximumPages;
    this.#limitPages = Math.min(limitPages ?? maximumPages, maximumPages);
  }

  /** Grows by one whenever the buffer is a new one: views taken before must be taken again. */
  get version(): number {
    return this.#version;
  }

  /** Registers who gives blocks back when the memory cannot grow; it says whether it did. */
  whenFull(makeRoom: () => boolean): void {
    this.#makeRoom.push(makeRoom);
  }

  /**
   * Hands out a block that begins at a multiple of 64 and may be read a little beyond its end. Its bytes are whatever they
   * were.
   *
   * @param bytes  how many, 0 or more
   * @param what   what they are for, as an error names it
   * @throws {MemoryError} there is no such block, and the memory cannot grow enough
   */
  allocate(bytes: number, what: string): number {
    const size = Math.ceil((bytes + READ_SLACK_BYTES) / ALIGNMENT) * ALIGNMENT;
    const best = this.#findRoom(size, bytes, what);
    const address = this.#freeAt[best]!;
    const rest = this.#freeBytes[best]! - size;
    if (rest > 0) {
      this.#freeAt[best] = address + size;
      this.#freeBytes[best] = rest;
    } else {
      this.#freeAt.splice(best, 1);
      this.#freeBytes.splice(best, 1);
    }
    this.#blocks.set(address, size);
    this.bytesInUse += size;
    return address;
  }

  /** Takes a block back; it joins its free neighbours. */
  free(address: number): void {
    const size = this.#blocks.get(address);
    if (size === undefined) throw new Error(`heap: no block begins at ${address}`);
    this.#blocks.delete(address);
    this.bytesInUse -= size;
    this.#addFree(address, size);
  }

  /** The elements at an address. Good until `version` changes. */
  view(dtype: DType, address: number, length: number): TypedArray {
    const View = arrayConstructor(dtype) as unknown as new (
      buffer: ArrayBufferLike,
      byteOffset: number,
      length: number,
    ) => TypedArray;
    return new View(this.memory.buffer, address, length);
  }

  /** Number of a free block of at least `size`: in what there is, in what growing adds, in what others give back. */
  #findRoom(size: number, bytes: number, what: string): number {
    const best = this.#bestFit(size);
    if (best !== -1) return best;
    if (!this.#grow(size)) {
      const given = this.#makeRoom.map((makeRoom) => makeRoom()).some(Boolean);
      if (!given || (this.#bestFit(size) === -1 && !this.#grow(size))) throw this.#outOfMemory(bytes, what);
    }
    return this.#bestFit(size);
  }

  /** Number of the smallest free block of at least `size`, or −1. */
  #bestFit(size: number): number {
    let best = -1;
    for (let i = 0; i < this.#freeBytes.length; i++) {
      const bytes = this.#freeBytes[i]!;
      if (bytes >= size && (best === -1 || bytes < this.#freeBytes[best]!)) best = i;
    }
    return best;
  }

  #addFree(address: number, size: number): void {
    const after = this.#firstFreeAfter(address);
    const before = after - 1;
    const joinsBefore = before >= 0 && this.#freeAt[before]! + this.#freeBytes[before]! === address;
    const joinsAfter = after < this.#freeAt.length && address + size === this.#freeAt[after];
    const bytes = size + (joinsAfter ? this.#freeBytes[after]! : 0);
    if (joinsBefore) {
      this.#freeBytes[before]! += bytes;
      if (joinsAfter) {
        this.#freeAt.splice(after, 1);
        this.#freeBytes.splice(after, 1);
      }
    } else {
      this.#freeAt.splice(after, joinsAfter ? 1 : 0, address);
      this.#freeBytes.splice(after, joinsAfter ? 1 : 0, bytes);
    }
  }

  #firstFreeAfter(address: number): number {
    let low = 0;
    let high = this.#freeAt.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#freeAt[middle]! < address) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Grows so that a block of `size` fits at the end; says whether it could. */
  #grow(size: number): boolean {
    const pages = this.memory.buffer.byteLength / PAGE_BYTES;
    const end = pages * PAGE_BYTES;
    const last = this.#freeAt.length - 1;
    const spare =
      last >= 0 && this.#freeAt[last]! + this.#freeBytes[last]! === end ? this.#freeBytes[last]! : 0;
    const needed = Math.ceil((size - spare) / PAGE_BYTES);
    const wanted = needed + Math.min(pages >> 1, LARGEST_SPARE_PAGES);
    const room = this.#limitPages - pages;
    const grown = [Math.min(wanted, room), needed].find((more) => more >= needed && this.#growBy(more, room));
    if (grown === undefined) return false;
    this.#version++;
    this.#addFree(end, grown * PAGE_BYTES);
    return true;
  }

  #outOfMemory(bytes: number, what: string): MemoryError {
    return new MemoryError(
      `out of memory: ${what} needs ${bytes} bytes; ${this.bytesInUse} are in use, and the heap of ` +
        `${this.memory.buffer.byteLength} can grow to ${this.#limitPages * PAGE_BYTES} at most`,
    );
  }

  #growBy(pages: number, room: number): boolean {
    if (pages > room) return false;
    try {
      this.memory.grow(pages);
      return true;
    } catch {
      return false;
    }
  }
}

let shared: Heap | undefined;

/** The heap of this process. */
export function processHeap(): Heap {
  return (shared ??= new Heap());
}
