/** @file What cells print on its way to the page: lines that are written over, and no more than the page can draw. */
import assert from "node:assert/strict";
import test from "node:test";
import { TerminalLine } from "../../apps/lab/src/cells/terminalLine.js";

type CellEvent = ReturnType<typeof print> | ReturnType<typeof update>;
type PageEvent =
  | { type: "stream"; name: string; back: number; text: string }
  | { type: "display"; update: boolean };

interface Batches {
  add(event: CellEvent): void;
  flush(): void;
  startCell(): void;
}

// By a name that the types of this folder do not follow: the page's sources have types of their own.
const eventBatch = "../../apps/lab/src/cells/eventBatch.ts";
const { EventBatch } = (await import(eventBatch)) as {
  EventBatch: new (send: (batch: readonly PageEvent[]) => void, drawn: Int32Array | null) => Batches;
};

/** What a terminal of one line shows, with the lines that are finished above it. */
function written(...pieces: string[]): string {
  const line = new TerminalLine();
  return pieces.map((piece) => line.write(piece)).join("") + line.text;
}

test("a line is written over where its writer goes back", () => {
  assert.equal(written("50 %\r", "100 %"), "100 %");
  assert.equal(written("abc\rX"), "Xbc");
  assert.equal(written("abc\b\bX\n"), "aX\n");
  assert.equal(written("one\r\ntwo\n"), "one\ntwo\n");
  assert.equal(written("kept\nabc\rxyz\nnext"), "kept\nxyz\nnext");
  assert.equal(written("\b\b\rfirst"), "first");
  assert.equal(written("👋 a\rb"), "b a");
});

test("colours stay with their characters", () => {
  const [red, green, plain] = ["\x1b[31m", "\x1b[32m", "\x1b[0m"];
  assert.equal(written(`${red}ab${plain}\r${green}X`), `${green}X${plain}${red}b${plain}${green}`);
  assert.equal(written(`${red}lines\npass\n`), `${red}lines\npass\n`);
  // A colour that goes on in the next line need not be told again.
  assert.equal(written(`${red}a\n`, "b\rc"), `${red}a\nc`);
});

test("it does not matter in which pieces text comes", () => {
  const bar = (done: number) =>
    `${"\b".repeat(done === 1 ? 0 : 14)}\r\x1b[1m${done}/9\x1b[0m \x1b[32m${"━".repeat(done)}\x1b[0m${"·".repeat(9 - done)}`;
  const text = `Epoch 1\n${Array.from({ length: 9 }, (_, index) => bar(index + 1)).join("")}\nEpoch 2\n`;
  const whole = written(text);
  const characters = whole.split("\x1b").map((part) => part.replace(/^\[\d+m/, ""));
  assert.equal(characters.join(""), `Epoch 1\n9/9 ${"━".repeat(9)}\nEpoch 2\n`);
  assert.equal(written(...text.split(/(?<=[━·\r])/)), whole);
  assert.equal(written(...text.split(/(?=\b)/)), whole);
});

/** A page that takes batches on, and draws when it is told to. */
class FakePage {
  readonly batches: (readonly PageEvent[])[] = [];
  readonly drawn = new Int32Array(1);
  readonly events = new EventBatch((batch) => this.batches.push(batch), this.drawn);

  draw(): void {
    this.drawn[0] = this.batches.length;
  }

  /** The text as the page has it. */
  get text(): string {
    let text = "";
    for (const event of this.batches.flat()) {
      if (event.type === "stream") text = text.slice(0, text.length - event.back) + event.text;
    }
    return text;
  }
}

const print = (text: string) => ({ type: "stream", name: "stdout", text }) as const;
const update = (value: number) =>
  ({ type: "display", displayId: "a", update: true, data: { "text/plain": String(value) } }) as const;
const wait = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

test("the next batch waits until the page has drawn the last", async () => {
  const page = new FakePage();
  page.events.add(print("first\n"));
  assert.equal(page.batches.length, 1);
  for (let step = 0; step < 30; step++) {
    page.events.add(print(`\rstep ${step}`));
    page.events.add(update(step));
    await wait(10);
  }
  assert.equal(page.batches.length, 1);
  page.draw();
  while (page.batches.length === 1) await wait(5);
  const second = page.batches[1]!;
  assert.deepEqual(
    second.filter(({ type }) => type === "display"),
    [update(29)],
  );
  assert.equal(page.text, "first\nstep 29");
  page.events.add(print("\rdone\n"));
  page.events.flush();
  assert.equal(page.text, "first\ndone 29\n");
});

test("a progress bar counts as one line, however often it moves", () => {
  const page = new FakePage();
  for (let step = 0; step < 20_000; step++) page.events.add(print(`\r${"━".repeat(50)} ${step}`));
  page.events.add(print("\nend\n"));
  page.events.flush();
  assert.equal(page.text, `${"━".repeat(50)} 19999\nend\n`);
});

test("more text than a page can hold is left out, and that is said", () => {
  const page = new FakePage();
  for (let line = 0; line < 2000; line++) page.events.add(print(`${"x".repeat(499)}\n`));
  page.events.flush();
  const { length } = page.text;
  assert.ok(length > 500_000 && length < 501_000, `${length} characters`);
  assert.equal(
    page.text.slice(-60).split("\n").at(-2),
    "… more than 500,000 characters: the rest is left out.",
  );
  page.events.startCell();
  page.events.add(print("again\n"));
  page.events.flush();
  assert.equal(page.text.slice(-6), "again\n");
});
