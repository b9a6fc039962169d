import assert from "node:assert/strict";
import { basename } from "node:path";
import test from "node:test";
import * as tf from "nabla";

/** The line of the call, as the test's own file has it. */
function here(): number {
  const frame = new Error().stack!.split("\n")[2]!;
  return Number(/:(\d+):\d+\)?$/.exec(frame)![1]);
}

const marker = (globalThis as any)[Symbol.for("nabla.sourceLine")] as { file: string | null; line: number };

/** Runs a function with markers set, as rewritten code does before each statement. */
function marked<T>(file: string, line: number, f: () => T): T {
  Object.assign(marker, { file, line });
  try {
    return f();
  } finally {
    Object.assign(marker, { file: null, line: 0 });
  }
}

function withSourceLines<T>(f: () => T): T {
  tf.debugging.sourceLines(true);
  try {
    return f();
  } finally {
    tf.debugging.sourceLines(false);
  }
}

/** What a tape recorded of a function of a watched tensor. */
function recorded(f: (x: tf.Tensor) => unknown): readonly tf.TapeEntry[] {
  const tape = new tf.GradientTape();
  const x = tf.constant([
    [1, 2, 3],
    [4, 5, 6],
  ]);
  tape.record(() => {
    tape.watch(x);
    f(x);
  });
  return tape.recorded;
}

test("createdAt is null where nobody knows the line", () => {
  assert.deepEqual(
    recorded((x) => x.sin().exp()).map((entry) => entry.createdAt),
    [null, null],
  );
});

test("createdAt is what the shared marker says", () => {
  const entries = recorded((x) => {
    marked("cell 3", 7, () => x.sin());
    marked("cell 3", 8, () => x.exp());
  });
  assert.deepEqual(
    entries.map((entry) => entry.createdAt),
    [
      { file: "cell 3", line: 7 },
      { file: "cell 3", line: 8 },
    ],
  );
});

test("createdAt is read off the stack with tf.debugging.sourceLines(true)", () => {
  let line = 0;
  const [entry] = withSourceLines(() =>
    recorded((x) => {
      line = here() + 1;
      x.sin();
    }),
  );
  assert.equal(entry!.createdAt!.line, line);
  assert.match(entry!.createdAt!.file, /sourceLines\.test\.ts$/);
});

test("a handler is told the line of the op it differentiates", () => {
  let seen: tf.SourceLine | null = null;
  using _scope = tf.overrideGradient("Sin", (op, dy) => {
    seen = op.createdAt;
    return dy!;
  });
  const tape = new tf.GradientTape();
  const x = tf.constant(1);
  const y = tape.record(() => {
    tape.watch(x);
    return marked("cell 1", 2, () => x.sin());
  });
  marked("cell 9", 9, () => tape.gradient(y, x));
  assert.deepEqual(seen, { file: "cell 1", line: 2 });
});

test("a tape prints what it recorded: op, dtypes, shapes, and the line where it is known", () => {
  const tape = new tf.GradientTape();
  assert.equal(String(tape), "GradientTape(nothing recorded)");
  const x = tf.ones([2, 3]);
  tape.record(() => {
    tape.watch(x);
    const y = marked("cell 1", 4, () => tf.matmul(x, tf.ones([3, 4])));
    tf.reduceSum(y.mul(2));
  });
  assert.deepEqual(String(tape).split("\n"), [
    "GradientTape(3 ops)",
    "   0  MatMul(float32[2, 3], float32[3, 4]) → float32[2, 4]   cell 1:4",
    "   1  Mul(float32[2, 4], float32[]) → float32[2, 4]",
    "   2  Sum(float32[2, 4]) → float32[]",
  ]);
});

/** Frames of a stack as [function, file], innermost first. */
const framesOf = (stack: string): { name: string; file: string }[] =>
  stack
    .split("\n")
    .slice(1)
    .map((line) => {
      const [, name = "", file = ""] = /^\s*at (?:(.*) \()?(?:file:\/\/)?(.*?):\d+:\d+\)?$/.exec(line) ?? [];
      return { name, file };
    });

/** The frames between a handler and the line that asked for the gradient. */
function framesBetween(run: (capture: () => void) => void): { name: string; file: string }[] {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 100;
  let stack = "";
  try {
    run(function handler() {
      stack = new Error().stack!;
    });
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
  const frames = framesOf(stack);
  const isOurs = ({ file }: { file: string }) => file.includes("/src/") && !file.includes("/test/");
  const first = frames.findIndex(isOurs);
  const last = frames.findIndex((frame, i) => i > first && !isOurs(frame));
  assert.ok(first > 0 && last > first, stack);
  assert.equal(basename(frames[last]!.file), "sourceLines.test.ts");
  return frames.slice(first, last);
}

test("a stack printed inside a registry handler: few frames of ours, with telling names", () => {
  const frames = framesBetween((capture) => {
    using _scope = tf.overrideGradient("Sin", (_op, dy) => {
      capture();
      return dy!;
    });
    const x = new tf.Variable(1);
    const tape = new tf.GradientTape();
    const y = tape.record(() => tf.sin(x).mul(2));
    tape.gradient(y, x);
  });
  const names = frames.map(({ name }) => name);
  assert.ok(frames.length < 10, names.join("\n"));
  assert.ok(
    names.some((name) => name.endsWith("backpropagate")),
    names.join("\n"),
  );
  assert.equal(names.at(-1), "GradientTape.gradient");
  assert.deepEqual(
    names.filter((name) => name === "" || name.includes("<anonymous>")),
    [],
  );
});

test("a stack printed inside a custom gradient: the same", () => {
  const frames = framesBetween((capture) => {
    const f = tf.customGradient((x: tf.Tensor) => {
      const grad = (dy: tf.Tensor) => {
        capture();
        return dy;
      };
      return [x, grad] as const;
    });
    const x = new tf.Variable(1);
    const tape = new tf.GradientTape();
    const y = tape.record(() => f(x));
    tape.gradient(y, x);
  });
  const names = frames.map(({ name }) => name);
  assert.ok(frames.length < 10, names.join("\n"));
  assert.equal(names.at(-1), "GradientTape.gradient");
  assert.deepEqual(
    names.filter((name) => name === "" || name.includes("<anonymous>")),
    [],
  );
});
