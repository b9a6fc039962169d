// Every line that a port from TensorFlow or Keras needs, under a user's own strict compiler.
import * as tf from "nabla";
import * as keras from "nabla/keras";
import * as plt from "nabla/pyplot";

function expect(what: string, actual: unknown, expected: unknown): void {
  const [have, want] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (have !== want) throw new Error(`${what}: ${have}, expected ${want}`);
}

function expectShape(what: string, tensor: tf.Tensor, shape: number[]): void {
  expect(what, [...tensor.shape], shape);
}

// Functions, axes and options
const x = tf.constant([
  [1, 2],
  [3, 4],
]);
expect("reduceSum", tf.reduceSum(x, { axis: 0, keepdims: true }).array(), [[4, 6]]);
expect("reduceSum", tf.reduceSum(x, 0).array(), [4, 6]);
expect("math.log", tf.math.log(tf.constant([1])).array(), [0]);
expect("nn.relu", tf.nn.relu([-1, 2]).array(), [0, 2]);
expect("linalg.qr", tf.linalg.qr(tf.eye(2)).r.array(), [
  [1, 0],
  [0, 1],
]);
expectShape("random.normal", tf.random.normal([2, 3]), [2, 3]);

// NumPy's names
const { ops } = keras;
expect("arange", ops.arange(3).array(), [0, 1, 2]);
expect("ravel", ops.ravel(x).array(), [1, 2, 3, 4]);
expect("array", ops.array([1, 2]).array(), [1, 2]);
const [gridX] = ops.meshgrid([1, 2], [3, 4, 5]);
expectShape("meshgrid", gridX!, [3, 2]);
expect("range", tf.range(3).array(), [0, 1, 2]);
expectShape("tf.meshgrid", tf.meshgrid([1, 2], [3, 4, 5])[0]!, [3, 2]);
expectShape("reshape", tf.reshape(x, [4]), [4]);

// Methods
const y = tf.constant([2, 3]);
expect("mul, add", y.mul(y).add(1).array(), [5, 10]);
expect("pow", y.pow(2).array(), [4, 9]);
expect("neg", y.neg().array(), [-2, -3]);
expect("slice", tf.constant([0, 1, 2, 3]).slice([1], [2]).array(), [1, 2]);
expect("matmul", x.matmul(x).array(), [
  [7, 10],
  [15, 22],
]);
const nested: unknown = x.array();
expect("array", nested, [
  [1, 2],
  [3, 4],
]);
expect("data", Array.from(y.data(), Number), [2, 3]);
expect("item", tf.constant(7).item(), 7);

// Gradients
const v = new tf.Variable(3);
const tape = new tf.GradientTape();
const squared = tape.record(() => v.mul(v));
expect("gradient", tape.gradient(squared, v).item(), 6);
{
  using started = tf.GradientTape.start();
  const cubed = v.pow(3);
  expect("start", started.gradient(cubed, v).item(), 27);
}
const doubled = tf.customGradient((input: tf.Tensor) => [input.mul(2), (dy: tf.Tensor) => dy.mul(10)]);
const custom = new tf.GradientTape();
const z = custom.record(() => doubled(v.mul(1)));
expect("customGradient", custom.gradient(z, v).item(), 10);
const w = new tf.Variable(0, { dtype: "float64" });
w.assignSub(0.25);
expect("assignSub", w.item(), -0.25);

// Keras
const layer = new keras.layers.Dense(1, { activation: "relu" });
expectShape("layer(x)", layer(x), [2, 1]);
const model = new keras.Sequential([layer]);
expectShape("model(x)", model(x), [2, 1]);
model.compile({ optimizer: "adam", loss: "mean_squared_error" });
const targets = tf.constant([[1], [2]]);
const history = await model.fit(x, targets, { epochs: 2, batchSize: 2, verbose: 0 });
expect("history", history.history["loss"]!.length, 2);
expectShape("predict", await model.predict(x, { verbose: 0 }), [2, 1]);
await model.evaluate(x, targets, { verbose: 0 });

class Scale extends keras.Layer {
  factor!: keras.Variable;

  override build(inputShape: unknown): void {
    expect("build", inputShape, [2, 2]);
    this.factor = this.addWeight({ name: "factor", initializer: "ones" });
  }

  override call(inputs: tf.Tensor): tf.Tensor {
    return inputs.mul(this.factor);
  }
}

class Net extends keras.Model {
  readonly scale = new Scale();
  readonly dense = new keras.layers.Dense(1, { activation: "relu" });

  override call(inputs: tf.Tensor): tf.Tensor {
    return this.dense(this.scale(inputs));
  }
}
const net = new Net();
expectShape("net(x)", net(x), [2, 1]);
expect("net weights", net.trainableVariables.length, 3);

// Plots
plt.plot([0, 1], [1, 0], "o");
const figure = plt.figure();
const axes = figure.addSubplot(111, { projection: "3d" });
axes.plotSurface(
  [
    [0, 1],
    [0, 1],
  ],
  [
    [0, 0],
    [1, 1],
  ],
  [
    [0, 1],
    [1, 2],
  ],
);
plt.show();

console.log("every line ran");
