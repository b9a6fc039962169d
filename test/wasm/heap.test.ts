/** @file The heap: alignment, reuse, joining of free blocks, growth, and running out. */
import assert from "node:assert/strict";
import test from "node:test";
import { Heap } from "../../src/backends/wasm/heap.js";
import { READ_SLACK_BYTES } from "../../src/backends/wasm/routine.js";
import { MemoryError } from "../../src/core/errors.js";

const PAGE = 65536;

/** A generator of numbers in [0, 1), the same in every run. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return (state >>> 0) / 2 ** 32;
  };
}

for (const shared of [true, false]) {
  const kind = shared ? "shared" : "plain";

  test(`${kind} heap: blocks are aligned, apart, inside the memory, and keep what is written`, () => {
    const heap = new Heap({ shared });
    const random = generator(7);
    const live = new Map<number, { length: number; mark: number }>();
    for (let step = 0; step < 2000; step++) {
      if (live.size > 0 && random() < 0.45) {
        const address = [...live.keys()][Math.floor(random() * live.size)]!;
        const { length, mark } = live.get(address)!;
        assert.ok(heap.view("int32", address, length).every((value) => value === mark));
        heap.free(address);
        live.delete(address);
      } else {
        const length = Math.floor(random() ** 4 * 50_000);
        const address = heap.allocate(4 * length, "a block of the test");
        assert.equal(address % 64, 0);
        assert.notEqual(address, 0);
        assert.ok(address + 4 * length + READ_SLACK_BYTES <= heap.memory.buffer.byteLength);
        heap.view("int32", address, length).fill(step);
        live.set(address, { length, mark: step });
      }
    }
    for (const [address, { length, mark }] of live) {
      assert.ok(heap.view("int32", address, length).every((value) => value === mark));
      heap.free(address);
    }
    assert.equal(heap.bytesInUse, 0);
  });

  test(`${kind} heap: freed neighbours make one block again, in any order of freeing`, () => {
    const orders = [
      [0, 1, 2],
      [0, 2, 1],
      [1, 0, 2],
      [1, 2, 0],
      [2, 0, 1],
      [2, 1, 0],
    ];
    for (const order of orders) {
      const heap = new Heap({ shared, limitPages: 32 });
      const third = 10 * PAGE - READ_SLACK_BYTES;
      const addresses = [0, 1, 2].map((i) => heap.allocate(third, `block ${i}`));
      for (const i of order) heap.free(addresses[i]!);
      assert.equal(heap.allocate(3 * 10 * PAGE, "all of it"), addresses[0]);
    }
  });

  test(`${kind} heap: growing keeps the contents and is seen in the version`, () => {
    const heap = new Heap({ shared });
    const small = heap.allocate(16, "a small one");
    heap.view("float32", small, 4).set([1, 2, 3, 4]);
    const before = heap.version;
    const large = heap.allocate(100 * PAGE, "a large one");
    assert.equal(heap.version, before + 1);
    assert.deepEqual([...heap.view("float32", small, 4)], [1, 2, 3, 4]);
    heap.view("uint8", large + 100 * PAGE - 1, 1)[0] = 9;
  });

  test(`${kind} heap: out of memory is an error that says for what, and leaves the heap as it was`, () => {
    const heap = new Heap({ shared, limitPages: 64 });
    const before = heap.bytesInUse;
    assert.throws(
      () => heap.allocate(64 * PAGE, `variable "kernel:0"`),
      (error: unknown) =>
        error instanceof MemoryError &&
        error.message.includes(`variable "kernel:0" needs ${64 * PAGE} bytes`) &&
        error.message.includes(`to ${64 * PAGE} at most`),
    );
    assert.equal(heap.bytesInUse, before);
    heap.allocate(60 * PAGE, "what is left");
  });
}

test("the best fitting free block is taken", () => {
  const heap = new Heap();
  const blocks = [5000, 64, 1000, 64, 3000, 64].map((bytes, i) => heap.allocate(bytes, `block ${i}`));
  for (const i of [0, 2, 4]) heap.free(blocks[i]!);
  assert.equal(heap.allocate(900, "a thousand at most"), blocks[2]);
});

test("addresses beyond 2 GiB work", () => {
  const heap = new Heap({ shared: true });
  const first = heap.allocate(2 ** 31, "the lower half");
  const second = heap.allocate(64, "above it");
  assert.ok(second >= 2 ** 31);
  heap.view("float64", second, 2).set([1.5, -2.5]);
  assert.deepEqual([...heap.view("float64", second, 2)], [1.5, -2.5]);
  heap.free(first);
  heap.free(second);
});

test("whoever can give blocks back is asked before the memory is out", () => {
  const heap = new Heap({ limitPages: 64 });
  const blocks = [heap.allocate(30 * PAGE, "the first"), heap.allocate(30 * PAGE, "the second")];
  heap.whenFull(() => {
    const block = blocks.shift();
    if (block !== undefined) heap.free(block);
    return block !== undefined;
  });
  const first = blocks[0];
  assert.equal(heap.allocate(30 * PAGE, "the third"), first);
  assert.throws(() => heap.allocate(50 * PAGE, "the fourth"), MemoryError);
  assert.deepEqual(blocks, []);
});

test("freeing what was not handed out is an error", () => {
  const heap = new Heap();
  const address = heap.allocate(10, "a block");
  heap.free(address);
  assert.throws(() => heap.free(address), /no block begins at/);
});
