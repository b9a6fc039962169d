/**
 * @file What all convolutional layers have: a kernel that moves, a bias, an activation.
 */
import { ValueError } from "../../../core/errors.js";
import type { Tensor } from "../../../core/tensor.js";
import { add, reshape } from "../../../ops/public.js";
import * as activations from "../../activations/index.js";
import { showPythonShape } from "../../base/pythonText.js";
import type { Config } from "../../base/serialization.js";
import type { LayerShape } from "../../base/shape.js";
import type { Variable } from "../../base/variable.js";
import { InputSpec } from "../inputSpec.js";
import { Layer, type LayerOptions } from "../layer.js";
import {
  type ChannelOrder,
  channelOrder,
  channelsOf,
  joinShape,
  opFormat,
  type PerAxis,
  paddingOption,
  perAxis,
  spatialOf,
  windowCounts,
} from "../spatialSizes.js";
import {
  type BiasOptions,
  configOf,
  isPositiveInteger,
  readWeightOptions,
  weightOptionNames,
  weightOptions,
} from "../weightOptions.js";

/** The options of every convolutional layer. */
export interface ConvLayerOptions extends LayerOptions, BiasOptions {
  /** Sizes of the kernel, where they are not given before: one number for all axes, or one for each. */
  kernelSize?: PerAxis;
  /** How far the kernel moves; default 1. */
  strides?: PerAxis;
  /** "valid" (default): only whole windows; "same": as many as input elements, divided by the strides. */
  padding?: string;
  /** Default "channels_last". */
  dataFormat?: ChannelOrder | null;
  /** Distance of neighbouring elements of the kernel; default 1. */
  dilationRate?: PerAxis;
  /** Default linear. */
  activation?: activations.ActivationLike;
}

const SHARED = [
  ...["kernelSize", "strides", "padding", "dataFormat", "dilationRate", "activation", "useBias"],
  ...weightOptionNames("bias"),
];

/** What the constructor of a kind of convolution says of it. */
interface ConvKind {
  /** Number of spatial axes. */
  readonly rank: number;
  /** What the kernel's options begin with. */
  readonly kernelPrefix: string;
  /** Names of options beside the shared ones. */
  readonly ownOptions: readonly string[];
  readonly paddings: readonly string[];
}

export abstract class ConvLayer extends Layer {
  readonly rank: number;
  readonly kernelSize: readonly number[];
  readonly strides: readonly number[];
  readonly padding: string;
  readonly dataFormat: ChannelOrder;
  readonly dilationRate: readonly number[];
  readonly activation: activations.Activation;
  readonly useBias: boolean;
  readonly #kernelPrefix: string;
  /** Made when the layer is built. */
  declare kernel: Variable;
  /** Made when the layer is built: one for each output channel; null without bias. */
  declare bias: Variable | null;

  constructor(options: ConvLayerOptions, { rank, kernelPrefix, ownOptions, paddings }: ConvKind) {
    super(options, [...SHARED, ...ownOptions, ...weightOptionNames(kernelPrefix)]);
    this.rank = rank;
    this.kernelSize = perAxis(options.kernelSize, rank, "kernel_size");
    this.strides = perAxis(options.strides ?? 1, rank, "strides");
    this.dilationRate = perAxis(options.dilationRate ?? 1, rank, "dilation_rate");
    this.padding = paddingOption(options.padding ?? "valid", paddings);
    this.dataFormat = channelOrder(options.dataFormat);
    this.activation = activations.get(options.activation);
    this.useBias = options.useBias ?? true;
    this.#kernelPrefix = kernelPrefix;
    readWeightOptions(this, options, { [kernelPrefix]: "glorot_uniform", bias: "zeros" });
    this.inputSpec = new InputSpec({ minNdim: rank + 2 });
  }

  /**
   * Moving and spreading the kernel at once is not defined.
   *
   * @throws {ValueError} strides and dilation above 1
   */
  protected checkMoves(): void {
    if (Math.max(...this.strides) === 1 || Math.max(...this.dilationRate) === 1) return;
    throw new ValueError(
      "`strides > 1` not supported in conjunction with `dilation_rate > 1`. Received: " +
        `strides=${showPythonShape(this.strides)} and dilation_rate=${showPythonShape(this.dilationRate)}`,
    );
  }

  /** The shape of the kernel and the number of output channels, for so many input channels. */
  protected abstract kernelShape(channels: number): readonly number[];
  protected abstract outputChannels(channels: number): number;
  /** The convolution itself. */
  protected abstract convolve(inputs: Tensor): Tensor;

  /** The settings of the op that convolves. */
  protected opOptions() {
    return {
      strides: this.strides,
      padding: this.padding === "same" ? "SAME" : "VALID",
      dilations: this.dilationRate,
      dataFormat: opFormat(this.dataFormat, this.rank),
    } as const;
  }

  override build(inputShape: LayerShape): void {
    const channels = channelsOf(inputShape, this.dataFormat);
    if (channels === null) {
      throw new ValueError(
        `${this.constructor.name} '${this.name}': the number of channels must be known, got ${JSON.stringify(inputShape)}`,
      );
    }
    const axis = this.dataFormat === "channels_last" ? -1 : 1;
    this.inputSpec = new InputSpec({ minNdim: this.rank + 2, axes: { [axis]: channels } });
    const shape = this.kernelShape(channels);
    this.computeOutputShape(inputShape);
    this.kernel = this.addWeight({ name: "kernel", shape, ...weightOptions(this, this.#kernelPrefix) });
    this.bias = this.useBias
      ? this.addWeight({
          name: "bias",
          shape: [this.outputChannels(channels)],
          ...weightOptions(this, "bias"),
        })
      : null;
  }

  override call(inputs: Tensor): Tensor {
    const outputs = this.convolve(inputs);
    if (this.bias === null) return this.activation(outputs);
    const isLast = this.dataFormat === "channels_last";
    const bias = isLast ? this.bias : reshape(this.bias, [-1, ...new Array<number>(this.rank).fill(1)]);
    return this.activation(add(outputs, bias));
  }

  override computeOutputShape(inputShape: LayerShape): LayerShape {
    const { kernelSize, strides, dilationRate, dataFormat } = this;
    const isPadded = this.padding !== "valid";
    const layout = { window: kernelSize, strides, dilations: dilationRate, isPadded };
    const spatial = windowCounts(spatialOf(inputShape, dataFormat), layout, inputShape);
    const channels = this.outputChannels(channelsOf(inputShape, dataFormat)!);
    return joinShape(inputShape[0]!, spatial, channels, dataFormat);
  }

  /** Names of the options in the order in which configs have them. */
  protected abstract get configOrder(): readonly string[];

  override getConfig(): Config {
    return { ...super.getConfig(), ...configOf(this, this.configOrder) };
  }
}

/** @throws {ValueError} no whole number above 0 */
export function filtersOption(filters: unknown): number {
  if (isPositiveInteger(filters)) return filters;
  throw new ValueError(
    `Invalid value for argument \`filters\`. Expected a strictly positive value. Received filters=${filters}.`,
  );
}
