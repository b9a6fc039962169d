/**
 * @file Small is fast: the lesson's own jobs, eager, against tfjs on its cpu backend in the same process. The two take
 * turns, so that a busy machine slows both alike.
 */
import * as tf from "nabla";
import { median, printRows, type Row } from "./measure.js";
import { tfjs } from "./peers.js";

const gates: readonly (readonly [number, number])[] = [
  [1, 1],
  [0, 1],
  [1, 0],
  [0, 0],
];

/** 20 steps on x² − 6x + 5. */
function descent(): number {
  const x = new tf.Variable(0);
  for (let i = 0; i < 20; i++) {
    const tape = new tf.GradientTape();
    const y = tape.record(() => tf.add(tf.subtract(tf.pow(x, 2), tf.multiply(6, x)), 5));
    x.assignSub(tf.multiply(0.1, tape.gradient(y, x)));
  }
  return x.item();
}

/** 400 per-sample steps of the AND neuron, as the lesson writes them. */
function neuron(): number {
  const weights = new tf.Variable([0.5, 0.5], { dtype: "float64" });
  const bias = new tf.Variable(0.3, { dtype: "float64" });
  for (let epoch = 0; epoch < 100; epoch++) {
    for (const datum of gates) {
      const x = tf.constant(datum, "float64");
      const tape = new tf.GradientTape();
      const loss = tape.record(() => {
        const a = tf.nn.relu(tf.reduceSum(tf.multiply(weights, x)).add(bias));
        return a.sub(datum[0] * datum[1]).pow(2);
      });
      const [dw, db] = tape.gradient(loss, [weights, bias]);
      weights.assignSub(dw.mul(0.1));
      bias.assignSub(db.mul(0.1));
    }
  }
  return bias.item();
}

function peerDescent(peer: any): number {
  const x = peer.variable(peer.scalar(0));
  for (let i = 0; i < 20; i++) {
    peer.tidy(() => {
      const loss = () => peer.add(peer.sub(peer.pow(x, 2), peer.mul(6, x)), 5);
      const { grads } = peer.variableGrads(loss, [x]);
      x.assign(x.sub(peer.mul(0.1, grads[x.name])));
    });
  }
  const [result] = x.dataSync();
  x.dispose();
  return result;
}

function peerNeuron(peer: any): number {
  const weights = peer.variable(peer.tensor1d([0.5, 0.5]));
  const bias = peer.variable(peer.scalar(0.3));
  for (let epoch = 0; epoch < 100; epoch++) {
    for (const datum of gates) {
      peer.tidy(() => {
        const x = peer.tensor1d(datum);
        const loss = () => {
          const a = peer.relu(peer.add(peer.sum(peer.mul(weights, x)), bias));
          return peer.pow(peer.sub(a, datum[0] * datum[1]), 2).asScalar();
        };
        const { grads } = peer.variableGrads(loss, [weights, bias]);
        weights.assign(weights.sub(grads[weights.name].mul(0.1)));
        bias.assign(bias.sub(grads[bias.name].mul(0.1)));
      });
    }
  }
  const [result] = bias.dataSync();
  weights.dispose();
  bias.dispose();
  return result;
}

const peer = await tfjs("cpu");
const jobs = [
  { job: "20 steps of descent, tape", ours: descent, theirs: () => peerDescent(peer), runs: 40 },
  { job: "AND neuron, 400 steps, tape", ours: neuron, theirs: () => peerNeuron(peer), runs: 8 },
];
const rows: Row[] = [];
for (const { job, ours, theirs, runs } of jobs) {
  const [a, b] = [ours(), theirs()];
  if (Math.abs(a - b) > 1e-4) throw new Error(`${job}: results differ, ${a} and ${b}`);
  const own: number[] = [];
  const other: number[] = [];
  for (let round = 0; round < 5; round++) {
    own.push(await median(ours, runs, 10));
    other.push(await median(theirs, Math.ceil(runs / 4), 2));
  }
  const middle = (list: number[]): number => list.sort((p, q) => p - q)[2]!;
  rows.push({ job, ours: middle(own), peer: "tfjs 4.22 cpu", theirs: middle(other), target: 30 });
}
printRows(rows);
