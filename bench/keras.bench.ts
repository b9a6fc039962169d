/**
 * @file `fit` of the AND gate, 1000 epochs of one batch, against tfjs on its wasm backend in the same process. The two
 * take turns, so that a busy machine slows both alike.
 */
import * as keras from "nabla/keras";
import { median, printRows } from "./measure.js";
import { tfjs } from "./peers.js";

const x = [
  [1, 1],
  [1, 0],
  [0, 1],
  [0, 0],
];
const y = [[1], [0], [0], [0]];
const settings = { epochs: 1000, batchSize: 4, verbose: 0 } as const;
const start = { kernel: [[0.5], [0.3]], bias: [0] };

/** The loss after 1000 epochs. */
async function ours(): Promise<number> {
  const model = new keras.Sequential([new keras.layers.Dense(1, { activation: "relu" })]);
  model.compile({ loss: "mean_squared_error", optimizer: "adam", metrics: ["accuracy"] });
  model.build([null, 2]);
  model.setWeights([start.kernel, start.bias]);
  const { history } = await model.fit(x, y, settings);
  return history["loss"]!.at(-1)!;
}

async function theirs(peer: any): Promise<number> {
  const model = peer.sequential({
    layers: [peer.layers.dense({ units: 1, activation: "relu", inputShape: [2] })],
  });
  model.compile({ loss: "meanSquaredError", optimizer: "adam", metrics: ["accuracy"] });
  const tensors = [
    peer.tensor2d(x),
    peer.tensor2d(y),
    peer.tensor2d(start.kernel),
    peer.tensor1d(start.bias),
  ];
  model.setWeights(tensors.slice(2));
  const { history } = await model.fit(tensors[0], tensors[1], settings);
  for (const tensor of tensors) tensor.dispose();
  model.dispose();
  return history.loss.at(-1);
}

const peer = await tfjs("wasm");
const [a, b] = [await ours(), await theirs(peer)];
if (Math.abs(a - b) > 1e-4) throw new Error(`the losses differ: ${a} and ${b}`);
const own: number[] = [];
const other: number[] = [];
for (let round = 0; round < 5; round++) {
  own.push(await median(ours, 5, 1));
  other.push(await median(() => theirs(peer), 1, 0));
}
const middle = (list: number[]): number => list.sort((p, q) => p - q)[2]!;
printRows([
  {
    job: "fit of the AND gate, 1000 epochs",
    ours: middle(own),
    peer: "tfjs 4.22 wasm",
    theirs: middle(other),
    target: 20,
  },
]);
