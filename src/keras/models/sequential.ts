/**
 * @file Sequential: a stack of layers, each fed by the one before.
 */
import { ReadError, ValueError } from "../../core/errors.js";
import type { Tensor } from "../../core/tensor.js";
import { showPythonShape } from "../base/pythonText.js";
import { type Config, lookUp, type SerializedObject } from "../base/serialization.js";
import type { LayerShape } from "../base/shape.js";
import { deserialize } from "../layers/index.js";
import { InputLayer } from "../layers/inputLayer.js";
import { KerasTensor } from "../layers/kerasTensor.js";
import { type CallOptions, Layer, type LayerOptions } from "../layers/layer.js";
import { Model } from "./model.js";

/** What a Sequential takes: layers, and the input that `keras.Input` makes. */
export type SequentialLayer = Layer | KerasTensor;

/**
 * A stack of layers. With a `keras.Input` first it is built at once, else by the first call, `fit` or `build`.
 *
 * @example
 * const model = new keras.Sequential([keras.Input({ shape: [3] }), new keras.layers.Dense(2)]);
 * model.outputShape // [ null, 2 ]
 */
export class Sequential extends Model {
  /** An InputLayer first, once the shape of the input is known. */
  #stack: Layer[] = [];
  /** Whether the shapes between the layers are known. */
  #isChained = false;

  /**
   * @param layers   layers in order, or one layer
   * @param options  `name`, `trainable`
   * @throws {ValueError} something is no layer, or two have one name
   */
  constructor(
    layers: readonly SequentialLayer[] | SequentialLayer | null = null,
    options: LayerOptions = {},
  ) {
    super(options);
    if (layers === null) return;
    const list = Array.isArray(layers) ? (layers as readonly SequentialLayer[]) : [layers as SequentialLayer];
    for (const layer of list) this.#push(layer);
    if (this.#stack.length > 0) this.#rebuild();
  }

  /**
   * Adds a layer at the end.
   *
   * @throws {ValueError} no layer, a name that is taken, or a second input
   */
  add(layer: SequentialLayer): void {
    this.#push(layer);
    this.#rebuild();
  }

  /**
   * Takes the last layer off and gives it.
   *
   * @throws {ValueError} there is none
   */
  pop(): Layer {
    const layer = this.#stack.pop();
    if (layer === undefined) throw new ValueError(`Sequential model '${this.name}' has no layers to pop.`);
    this.#forget();
    if (this.#stack.length > 0) this.#rebuild();
    return layer;
  }

  #push(given: SequentialLayer): void {
    const layer = given instanceof KerasTensor ? given.origin : given;
    if (!(layer instanceof Layer)) {
      const type =
        layer === null ? "null" : typeof layer === "object" ? layer.constructor.name : typeof layer;
      throw new ValueError(
        `Only instances of \`keras.Layer\` can be added to a Sequential model. Received: ${String(layer)} (of type ${type})`,
      );
    }
    if (this.#stack.some((other) => other.name === layer.name && other !== layer)) {
      throw new ValueError(
        `All layers added to a Sequential model should have unique names. Name '${layer.name}' is already the name of a ` +
          "layer in this model. Update the `name` argument to pass a unique name.",
      );
    }
    const [first] = this.#stack;
    if (layer instanceof InputLayer && first instanceof InputLayer) {
      throw new ValueError(
        `Sequential model '${this.name}' has already been configured to use input shape ` +
          `${showPythonShape(first.batchShape)}. You cannot add a different Input layer to it.`,
      );
    }
    this.#stack.push(layer);
    this.#forget();
  }

  #forget(): void {
    this.built = false;
    this.#isChained = false;
  }

  /** Builds again if the shape of the input is known. */
  #rebuild(): void {
    this.#forget();
    const [first] = this.#stack;
    if (this.#stack.length < 2) return;
    if (first instanceof InputLayer) this.build(first.batchShape);
    else if (first instanceof Sequential && first.#isChained) this.build(first.inputShape);
  }

  /** Makes the weights for a shape of input, the batch first. */
  override build(inputShape: LayerShape): void {
    if (!isShape(inputShape)) return;
    if (this.#stack.length === 0) {
      throw new ValueError(
        `Sequential model ${this.name} cannot be built because it has no layers. Call \`model.add(layer)\`.`,
      );
    }
    const [first] = this.#stack;
    if (!(first instanceof InputLayer)) {
      this.#stack.unshift(new InputLayer({ batchShape: inputShape, dtype: first!.dtype }));
    } else if (JSON.stringify(first.batchShape) !== JSON.stringify(inputShape)) {
      throw new ValueError(
        `Sequential model '${this.name}' has already been configured to use input shape ` +
          `${showPythonShape(first.batchShape)}. You cannot build it with input_shape ${showPythonShape(inputShape)}`,
      );
    }
    let shape = inputShape;
    for (const layer of this.layers) {
      layer.inputSpec?.check(shape, layer.name);
      if (!layer.built) layer.build(shape);
      shape = layer.computeOutputShape(shape);
      layer.outputShapeNote = shape;
    }
    this.#isChained = true;
  }

  /** A batch of another size than the first is no reason to build again. */
  protected override buildInCall(inputShape: LayerShape): void {
    const [first] = this.#stack;
    this.build(first instanceof InputLayer ? first.batchShape : inputShape);
  }

  override call(inputs: any, _options?: CallOptions): Tensor {
    let x = inputs;
    const stack = this.#stack;
    for (let i = stack[0] instanceof InputLayer ? 1 : 0; i < stack.length; i++) x = stack[i]!(x);
    return x;
  }

  /** The layers, without the input. */
  override get layers(): Layer[] {
    return this.#stack[0] instanceof InputLayer ? this.#stack.slice(1) : [...this.#stack];
  }

  override get sublayers(): Layer[] {
    return this.#stack;
  }

  override computeOutputShape(inputShape: LayerShape): LayerShape {
    return this.layers.reduce((shape, layer) => layer.computeOutputShape(shape), inputShape);
  }

  /** @throws {ReadError} the model is not built */
  get inputShape(): LayerShape {
    return this.#known("input shape", () => (this.#stack[0] as InputLayer).batchShape);
  }

  /** @throws {ReadError} the model is not built */
  get outputShape(): LayerShape {
    return this.#known("output shape", () => this.#stack.at(-1)!.outputShapeNote!);
  }

  /** @throws {ReadError} the model is not built */
  get inputs(): KerasTensor[] {
    return this.#known("inputs", () => [(this.#stack[0] as InputLayer).output]);
  }

  /** @throws {ReadError} the model is not built */
  get outputs(): KerasTensor[] {
    return this.#known("outputs", () => [
      new KerasTensor(this.outputShape, this.dtype, "keras_tensor", this),
    ]);
  }

  #known<T>(what: string, read: () => T): T {
    if (this.#isChained) return read();
    throw new ReadError(`Sequential model '${this.name}' has no defined ${what} yet.`);
  }

  override getConfig(): Config {
    const config: Config = { ...super.getConfig(), layers: this.#stack.map((layer) => layer.toJSON()) };
    if (this.#isChained) config["build_input_shape"] = this.inputShape;
    return config;
  }

  /**
   * A model from what `getConfig` gives.
   *
   * @param config         with `name` and `layers`
   * @param customObjects  layer classes of one's own, by name
   * @throws {ValueError} a layer's class is not known
   */
  static override fromConfig(config: Config, customObjects: Readonly<Record<string, unknown>> = {}): any {
    if (lookUp(config, "name") === undefined || !Array.isArray(config["layers"])) {
      throw new ValueError(
        "A Sequential model configuration must be a dictionary containing the 'name' and 'layers' keys. " +
          `Received: config=${JSON.stringify(config)}`,
      );
    }
    const known = { Sequential, ...customObjects };
    const layers = (config["layers"] as SerializedObject[]).map((layer) => deserialize(layer, known));
    const {
      name,
      trainable = true,
      dtype,
    } = config as { name: string; trainable?: boolean; dtype?: SerializedObject };
    const model = new Sequential(layers, { name, trainable, dtype });
    const shape = config["build_input_shape"] as LayerShape | undefined;
    if (!model.#isChained && shape) model.build(shape);
    return model;
  }
}

const isShape = (shape: unknown): shape is LayerShape =>
  Array.isArray(shape) && shape.every((n) => n === null || typeof n === "number");
