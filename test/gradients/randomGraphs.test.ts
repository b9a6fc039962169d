// Random programs of scalar ops, seen by several tapes that each listen to a part of them, against derivatives that
// this file computes for itself by following every path with plain numbers.
import test from "node:test";
import * as tf from "nabla";
import { assertAgrees } from "./golden.js";

/** Numbers in [0, 1) that are the same in every run. */
function sequence(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** A derivative; "stopped" where the tape sees the input but no path leads on; null where there is no such input. */
type Slope = number | "stopped" | null;

interface OpCase {
  run(a: tf.Tensor, b: tf.Tensor): tf.Tensor;
  value(a: number, b: number): number;
  /** Derivatives by a and b. */
  slopes(a: number, b: number): [Slope, Slope];
}

const ops: OpCase[] = [
  { run: (a, b) => a.add(b), value: (a, b) => a + b, slopes: () => [1, 1] },
  { run: (a, b) => a.sub(b), value: (a, b) => a - b, slopes: () => [1, -1] },
  { run: (a, b) => a.mul(b), value: (a, b) => a * b, slopes: (a, b) => [b, a] },
  { run: (a) => tf.sin(a), value: (a) => Math.sin(a), slopes: (a) => [Math.cos(a), null] },
  { run: (_, b) => tf.identity(b), value: (_, b) => b, slopes: () => [null, 1] },
  { run: (a, b) => tf.stopGradient(a).mul(b), value: (a, b) => a * b, slopes: (a) => ["stopped", a] },
  { run: (a, b) => tf.unstack(tf.stack([a, b]))[1]!, value: (_, b) => b, slopes: () => [0, 1] },
  { run: (a, b) => tf.maximum(a, b), value: Math.max, slopes: (a, b) => (a >= b ? [1, 0] : [0, 1]) },
];

/** What one tape should know: which nodes, and for each recorded node its inputs with their slopes. */
class Expectation {
  readonly known = new Set<number>();
  readonly edges = new Map<number, [number, number][]>();

  record(node: number, inputs: readonly number[], slopes: readonly Slope[]): void {
    const paths: [number, number][] = [];
    inputs.forEach((input, k) => {
      const slope = slopes[k]!;
      if (slope === null || !this.known.has(input)) return;
      this.known.add(node);
      if (slope !== "stopped") paths.push([input, slope]);
    });
    this.edges.set(node, paths);
  }

  /** The derivative of the sum of some targets by one source; null where no path leads there. */
  derivative(targets: readonly number[], source: number, count: number): number | null {
    const reached = new Map<number, number>([[source, 1]]);
    for (let node = 0; node < count; node++) {
      if (node === source) continue;
      const paths = (this.edges.get(node) ?? []).filter(([input]) => reached.has(input));
      if (paths.length === 0) continue;
      reached.set(
        node,
        paths.reduce((sum, [input, slope]) => sum + slope * reached.get(input)!, 0),
      );
    }
    const parts = targets.filter((target) => reached.has(target)).map((target) => reached.get(target)!);
    return parts.length === 0 ? null : parts.reduce((a, b) => a + b, 0);
  }
}

function runProgram(seed: number): void {
  const random = sequence(seed);
  const below = (n: number): number => Math.floor(random() * n);
  const values: number[] = [0.7, -1.3, 0.4];
  const tensors: tf.Tensor[] = values.map((value) => tf.constant(value, "float64"));
  const tapes = [0, 1, 2].map(() => ({
    tape: new tf.GradientTape({ persistent: true }),
    expected: new Expectation(),
  }));
  for (const { tape, expected } of tapes) {
    const watched = [0, 1, 2].filter(() => random() < 0.6);
    tape.record(() => tape.watch(watched.map((i) => tensors[i]!)));
    for (const i of watched) expected.known.add(i);
  }
  for (let step = 0; step < 14; step++) {
    const op = ops[below(ops.length)]!;
    const [i, j] = [below(tensors.length), below(tensors.length)];
    const [a, b] = [values[i]!, values[j]!];
    const node = tensors.length;
    const heard = tapes.filter(() => random() < 0.75);
    const program = heard.reduce<() => tf.Tensor>(
      (inner, { tape }) =>
        () =>
          tape.record(inner),
      () => op.run(tensors[i]!, tensors[j]!),
    );
    tensors.push(program());
    values.push(op.value(a, b));
    for (const { expected } of heard) expected.record(node, [i, j], op.slopes(a, b));
  }
  // Gradients are asked for while another tape listens, which must not disturb either.
  for (let question = 0; question < 6; question++) {
    const { tape, expected } = tapes[below(tapes.length)]!;
    const targets = [below(tensors.length), below(tensors.length)];
    const sources = [below(tensors.length), below(tensors.length), below(3)];
    const ask = () =>
      tape.gradient(
        targets.map((t) => tensors[t]!),
        sources.map((s) => tensors[s]!),
        { unconnectedGradients: "none" },
      );
    const other = tapes[below(tapes.length)]!.tape;
    const gradients = other === tape ? ask() : other.record(ask);
    const actual = gradients.map((gradient) => gradient?.item() ?? null);
    const wanted = sources.map((source) => expected.derivative(targets, source, tensors.length));
    assertAgrees(actual, wanted, 1e-9, `program ${seed}, targets ${targets}, sources ${sources}`);
  }
}

test("gradients of random programs under several tapes", () => {
  for (let seed = 1; seed <= 300; seed++) runProgram(seed);
});
