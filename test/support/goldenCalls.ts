import * as tf from "nabla";
import * as keras from "nabla/keras";

type Attrs = Record<string, any>;
type Call = (inputs: tf.Tensor[], attrs: Attrs) => tf.Tensor | tf.Tensor[];

/** `reduce_sum` → `reduceSum`: underscores go, the letter that follows becomes a capital. */
const portedName = (name: string): string =>
  name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());

/** Attribute names, and the strings that stand for numbers JSON has not. */
const portedAttrs = (attrs: Attrs): Attrs =>
  Object.fromEntries(
    Object.entries(attrs).map(([name, value]) => [portedName(name), value === "Infinity" ? Infinity : value]),
  );

/** The arguments that are passed by position, in their order. */
const positional: Record<string, string[]> = {
  "tf.cast": ["dtype"],
  "tf.reshape": ["shape"],
  "tf.transpose": ["perm"],
  "tf.expand_dims": ["axis"],
  "tf.squeeze": ["axis"],
  "tf.broadcast_to": ["shape"],
  "tf.tile": ["multiples"],
  "tf.reverse": ["axis"],
  "tf.repeat": ["repeats", "axis"],
  "tf.roll": ["shift", "axis"],
  "tf.slice": ["begin", "size"],
  "tf.unstack": ["axis"],
  "tf.split": ["numOrSizeSplits", "axis"],
  "tf.pad": ["paddings"],
  "tf.one_hot": ["depth"],
  "tf.argmax": ["axis"],
  "tf.argmin": ["axis"],
  "tf.linspace": ["num"],
  "tf.eye": ["numRows", "numColumns"],
  "tf.zeros": ["shape", "dtype"],
  "tf.ones": ["shape", "dtype"],
  "tf.fill": ["dims", "value"],
  "tf.tensordot": ["axes"],
  "tf.nn.leaky_relu": ["alpha"],
  "tf.nn.gelu": ["approximate"],
  "tf.nn.softmax": ["axis"],
  "tf.nn.log_softmax": ["axis"],
  "tf.math.l2_normalize": ["axis"],
  "tf.strided_slice": ["begin", "end", "strides"],
  "keras.ops.reshape": ["newshape"],
  "keras.activations.softmax": ["axis"],
  "keras.activations.log_softmax": ["axis"],
  "keras.activations.elu": ["alpha"],
  "keras.activations.gelu": ["approximate"],
  "keras.activations.threshold": ["threshold", "defaultValue"],
};

/** A Python index as the items of `getItem`. */
const indexItem = (item: any): any => {
  if (item === "ellipsis") return "...";
  if (item === "newaxis") return null;
  return typeof item === "object" ? [item.start, item.stop, item.step] : item;
};

const calls: Record<string, Call> = {
  getitem: ([x], { index }) => tf.getItem(x!, index.map(indexItem)),
  "tf.concat": (xs, { axis }) => tf.concat(xs, axis),
  "tf.stack": (xs, { axis }) => tf.stack(xs, axis),
  "tf.add_n": (xs) => tf.addN(xs),
  "tf.range": (_, { start, limit, delta = 1, dtype }) => tf.range(start, limit, delta, dtype),
  "keras.ops.arange": (_, { start, stop, step, dtype }) => keras.ops.arange(start, stop ?? null, step, dtype),
};

/** Calls the function that a case of ops.json is about, by the port rule. */
export function callGolden(name: string, inputs: tf.Tensor[], attrs: Attrs): tf.Tensor[] {
  const special = calls[name];
  const ported = portedAttrs(attrs);
  const result = special ? special(inputs, ported) : callByRule(name, inputs, ported);
  return Array.isArray(result) ? result : [result];
}

function callByRule(name: string, inputs: tf.Tensor[], attrs: Attrs): tf.Tensor | tf.Tensor[] {
  let f: any = { tf, keras };
  for (const part of name.split(".")) f = f[portedName(part)];
  if (typeof f !== "function") throw new Error(`${name} is missing`);
  const places = positional[name] ?? [];
  const last = places.findLastIndex((place) => place in attrs);
  const rest = Object.entries(attrs).filter(([key]) => !places.includes(key));
  const options = rest.length === 0 ? [] : [Object.fromEntries(rest)];
  const filled = options.length === 0 ? places.slice(0, last + 1) : places;
  return f(...inputs, ...filled.map((place) => attrs[place]), ...options);
}
