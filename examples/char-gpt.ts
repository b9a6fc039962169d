// Learns to write sonnets, letter by letter: a small transformer, trained on those of Shakespeare. `npm run example char-gpt`
// runs it; after `--` come `--epochs=4`, `--steps=500` in each, `--length=500` of the text, `--prompt` and `--temperature`.
import { parseArgs } from "node:util";
import * as tf from "nabla";
import * as keras from "nabla/keras";
import { loadText } from "./data/sonnets.js";

const { layers } = keras;

const { values: options } = parseArgs({
  options: {
    epochs: { type: "string", default: "4" },
    steps: { type: "string", default: "500" },
    length: { type: "string", default: "500" },
    prompt: { type: "string", default: "Shall I compare thee" },
    temperature: { type: "string", default: "0.8" },
  },
});

const [width, depth, heads, context, batchSize] = [128, 4, 4, 128, 8];

keras.utils.setRandomSeed(1);

// The text as numbers: the place of each character in the alphabet.
const text = loadText();
const alphabet = [...new Set(text)].sort();
const encode = (characters: string) => Array.from(characters, (character) => alphabet.indexOf(character));

const unknown = Array.from(options.prompt).filter((character) => !alphabet.includes(character));
if (unknown.length > 0) throw new Error(`The sonnets have no ${unknown.join(", ")}: try another prompt.`);

/** What the model sees from many places of the text, and the same one character on: what is to come after each. */
function examples() {
  const codes = tf.constant(encode(text), { dtype: "int32" });
  const starts = tf.range(text.length - context);
  const windows = starts.reshape([-1, 1]).add(tf.range(context));
  return { x: tf.gather(codes, windows), y: tf.gather(codes, windows.add(1)) };
}

/** Attention and then two dense layers, each on normalised inputs and added to what came in. */
class Block extends layers.Layer {
  attentionNorm = new layers.LayerNormalization();
  attention = new layers.MultiHeadAttention(heads, width / heads);
  denseNorm = new layers.LayerNormalization();
  up = new layers.Dense(4 * width, { activation: "gelu" });
  down = new layers.Dense(width);

  override call(x: tf.Tensor): tf.Tensor {
    const normal = this.attentionNorm(x);
    const attended = x.add(this.attention(normal, normal, { useCausalMask: true }));
    return attended.add(this.down(this.up(this.denseNorm(attended))));
  }
}

class CharGPT extends keras.Model {
  characters = new layers.Embedding(alphabet.length, width);
  places = new layers.Embedding(context, width);
  blocks = Array.from({ length: depth }, () => new Block());
  norm = new layers.LayerNormalization();
  head = new layers.Dense(alphabet.length);

  override call(codes: tf.Tensor): tf.Tensor {
    let x: tf.Tensor = this.characters(codes).add(this.places(tf.range(context)));
    for (const block of this.blocks) x = block(x);
    return this.head(this.norm(x));
  }
}

const model = new CharGPT();
model.compile({
  optimizer: new keras.optimizers.Adam(1e-3),
  loss: new keras.losses.SparseCategoricalCrossentropy({ fromLogits: true }),
});

const { x, y } = examples();
const [epochs, stepsPerEpoch] = [Number(options.epochs), Number(options.steps)];
await model.fit(x, y, { batchSize, epochs, stepsPerEpoch });

/** Continues a text, drawing each character by the odds that the model gives; a low temperature keeps to the likely ones. */
async function write(prompt: string, length: number, temperature: number): Promise<string> {
  const codes = encode(prompt);
  for (let i = 0; i < length; i++) {
    const seen = codes.slice(-context);
    // The model takes a full window; what stands after the text so far does not matter to it.
    const window = [...seen, ...new Array(context - seen.length).fill(0)];
    const logits = await model.predict(tf.constant([window], { dtype: "int32" }), { verbose: 0 });
    const next = logits.slice([0, seen.length - 1, 0], [1, 1, -1]).reshape([1, -1]);
    codes.push(tf.random.categorical(next.div(temperature), 1).item());
  }
  return codes.map((code) => alphabet[code]).join("");
}

console.log(await write(options.prompt, Number(options.length), Number(options.temperature)));
