/**
 * @file Runs rendered kernels on one thread, for tests: arrays in a heap of its own, units in pieces by several workers.
 */
import assert from "node:assert/strict";
import { ArgumentBlocks } from "../../src/backends/wasm/arguments.js";
import { Heap } from "../../src/backends/wasm/heap.js";
import { RoutineLibrary } from "../../src/backends/wasm/module.js";
import { MAX_WORKERS, type Rendered } from "../../src/backends/wasm/routine.js";
import { bytesOf, type TypedArray } from "../../src/core/dtype.js";
import type { DType } from "../../src/ir/dtype.js";

/** An array that a kernel writes: its size, and its values if the kernel also reads it. */
export interface OutputSpec {
  readonly dtype: DType;
  readonly size: number;
  readonly data?: TypedArray;
}

/** How units are handed out. */
export interface Pieces {
  /** How many units a piece has; default all. */
  readonly grain?: number;
  /** Whether the last piece comes first. */
  readonly reversed?: boolean;
}

const GUARD = 77;
const GUARD_BYTES = 64;

/** A heap with the routines compiled for it. */
export class WasmRunner {
  readonly heap = new Heap({ shared: false });
  readonly library = new RoutineLibrary(this.heap);

  /** Runs a kernel whose arrays are `inputs`, then outputs, and gives the outputs; checks that nothing beyond is written. */
  run(
    { routines, temporaries }: Rendered,
    inputs: readonly { dtype: DType; data: TypedArray }[],
    outputs: readonly OutputSpec[],
    { grain = Number.POSITIVE_INFINITY, reversed = false }: Pieces = {},
  ): TypedArray[] {
    const { heap } = this;
    const sizes = [
      ...inputs.map(({ dtype, data }) => data.length * bytesOf(dtype)),
      ...outputs.map(({ dtype, size }) => size * bytesOf(dtype)),
      ...temporaries,
    ];
    const addresses = sizes.map((bytes) => this.#guarded(bytes));
    const blocks = new ArgumentBlocks<number>();
    const starts = routines.map(({ args }) => blocks.add(args, addresses));
    const base = blocks.place(heap, "arguments");
    inputs.forEach(({ dtype, data }, i) => {
      heap.view(dtype, addresses[i]!, data.length).set(data);
    });
    outputs.forEach(({ dtype, data }, i) => {
      if (data !== undefined) heap.view(dtype, addresses[inputs.length + i]!, data.length).set(data);
    });
    blocks.bind(heap, (address) => address);
    this.library.load(routines).forEach(({ run }, i) => {
      const { units } = routines[i]!;
      const pieces: number[] = [];
      for (let begin = 0; begin < units; begin += grain) pieces.push(begin);
      if (reversed) pieces.reverse();
      pieces.forEach((begin, turn) => {
        run(base + starts[i]!, begin, Math.min(units, begin + grain), turn % MAX_WORKERS);
      });
    });
    const values = outputs.map(({ dtype, size }, i) =>
      heap.view(dtype, addresses[inputs.length + i]!, size).slice(),
    );
    addresses.forEach((address, i) => {
      const guard = heap.view("uint8", address + sizes[i]!, GUARD_BYTES);
      assert.ok(
        guard.every((byte) => byte === GUARD),
        `array ${i} is written beyond its end`,
      );
    });
    for (const address of [...addresses, base]) heap.free(address);
    return values;
  }

  /** A block full of values that would show in sums, and guards after it. */
  #guarded(bytes: number): number {
    const address = this.heap.allocate(bytes + GUARD_BYTES, "an array of a test");
    this.heap.view("uint8", address, bytes).fill(255);
    this.heap.view("uint8", address + bytes, GUARD_BYTES).fill(GUARD);
    return address;
  }
}
