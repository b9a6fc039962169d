/** @file The models of the training jobs, with their batches. */
import * as tf from "nabla";
import * as keras from "nabla/keras";
import { labels, pattern } from "../inputs.js";

const { layers } = keras;

/** A model, and the batch that it is trained on. */
export interface Training {
  model: (x: tf.Tensor) => tf.Tensor;
  x: tf.Tensor;
  y: tf.Tensor;
}

const inputs = (...shape: readonly number[]): tf.Tensor => {
  const count = shape.reduce((a, b) => a * b, 1);
  return tf.reshape(tf.constant(pattern(count)), [...shape]);
};

const tenClasses = (count: number): tf.Tensor => tf.constant(labels(count, 10));

function mlp(): Training {
  const model = new keras.Sequential([
    new layers.Dense(512, { activation: "relu" }),
    new layers.Dense(256, { activation: "relu" }),
    new layers.Dense(10),
  ]);
  return { model, x: inputs(128, 784), y: tenClasses(128) };
}

function cnn(): Training {
  const model = new keras.Sequential([
    new layers.Conv2D(32, 3, { activation: "relu" }),
    new layers.MaxPooling2D(2),
    new layers.Conv2D(64, 3, { activation: "relu" }),
    new layers.MaxPooling2D(2),
    new layers.Flatten(),
    new layers.Dense(10),
  ]);
  return { model, x: inputs(64, 28, 28, 1), y: tenClasses(64) };
}

function lstm(): Training {
  const model = new keras.Sequential([new layers.LSTM(128), new layers.Dense(10)]);
  return { model, x: inputs(32, 64, 128), y: tenClasses(32) };
}

const size = { width: 128, heads: 4, context: 128, vocabulary: 65, depth: 4, batch: 8 } as const;

/** Attention and a dense layer, each on normalised inputs and added to what came in. */
class Block extends layers.Layer {
  attentionNorm = new layers.LayerNormalization();
  attention = new layers.MultiHeadAttention(size.heads, size.width / size.heads);
  denseNorm = new layers.LayerNormalization();
  up = new layers.Dense(4 * size.width, { activation: "gelu" });
  down = new layers.Dense(size.width);

  override call(x: tf.Tensor): tf.Tensor {
    const normal = this.attentionNorm(x);
    const attended = x.add(this.attention(normal, normal, { useCausalMask: true }));
    return attended.add(this.down(this.up(this.denseNorm(attended))));
  }
}

/** A small language model, as the example char-gpt trains it. */
class Transformer extends keras.Model {
  token = new layers.Embedding(size.vocabulary, size.width);
  place = new layers.Embedding(size.context, size.width);
  blocks = Array.from({ length: size.depth }, () => new Block());
  norm = new layers.LayerNormalization();
  head = new layers.Dense(size.vocabulary);

  override call(tokens: tf.Tensor): tf.Tensor {
    let x = this.token(tokens).add(this.place(tf.range(size.context)));
    for (const block of this.blocks) x = block(x);
    return this.head(this.norm(x));
  }
}

function transformer(): Training {
  const { batch, context, vocabulary } = size;
  const text = (seed: number): tf.Tensor =>
    tf.reshape(tf.constant(labels(batch * context, vocabulary, seed)), [batch, context]);
  return { model: new Transformer(), x: text(1), y: text(2) };
}

export const models: Record<string, () => Training> = { mlp, cnn, lstm, transformer };
