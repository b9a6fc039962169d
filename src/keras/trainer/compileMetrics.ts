/**
 * @file The metrics of a compiled model, some of which are chosen by the shapes of the first batch.
 */
import { ValueError } from "../../core/errors.js";
import type { Tensor } from "../../core/tensor.js";
import { flattenTree } from "../../core/tree.js";
import { BinaryAccuracy, CategoricalAccuracy, SparseCategoricalAccuracy } from "../metrics/accuracy.js";
import { get, type MetricLike } from "../metrics/index.js";
import { Metric } from "../metrics/metric.js";
import { MeanMetricWrapper } from "../metrics/reduction.js";
import { chooseByShapes } from "./compileLoss.js";
import { isKeyed, type Output, pairOutputs, settingPerOutput } from "./outputs.js";

/** Metrics of the only output, or a list (or one metric) for each output. */
export type MetricsSetting =
  | readonly (MetricLike | null | readonly MetricLike[])[]
  | { readonly [output: string]: MetricLike | readonly MetricLike[] | null };

interface OutputMetrics {
  readonly index: number;
  readonly outputName: string | null;
  readonly metrics: readonly Metric[];
}

/** What `compile({ metrics, weightedMetrics })` stands for. */
export class CompileMetrics extends Metric {
  readonly #settings: readonly [MetricsSetting | null, MetricsSetting | null];
  #plain: OutputMetrics[] | null = null;
  #weighted: OutputMetrics[] = [];
  #parts: readonly Metric[] = [];

  /** @throws {ValueError} neither a list nor an object, or a name that means nothing */
  constructor(metrics: MetricsSetting | null, weightedMetrics: MetricsSetting | null) {
    super({ name: "compile_metrics" });
    for (const [name, setting] of [
      ["metrics", metrics],
      ["weighted_metrics", weightedMetrics],
    ] as const) {
      if (setting === null) continue;
      if (typeof setting !== "object") {
        throw new ValueError(
          `Expected \`${name}\` argument to be a list, tuple, or dict. Received instead: ${name}=${setting} of type ${typeof setting}`,
        );
      }
      // Names that mean nothing are told at once, not at the first batch.
      for (const one of flattenTree(setting)) if (one !== null && !isAccuracy(one)) get(one as MetricLike);
    }
    this.#settings = [metrics, weightedMetrics];
  }

  /** Whether the first batch has been seen. */
  get built(): boolean {
    return this.#plain !== null;
  }

  /** The single metrics. */
  get parts(): readonly Metric[] {
    return this.#parts;
  }

  override get variables() {
    return this.parts.flatMap((metric) => metric.variables);
  }

  override resetState(): void {
    for (const metric of this.parts) metric.resetState();
  }

  override updateState(yTrue: unknown, yPred: unknown, sampleWeight: unknown = null): void {
    const outputs = pairOutputs(yTrue, yPred);
    if (this.#plain === null) this.#build(outputs);
    for (const { index, metrics } of this.#plain!) {
      const { yTrue: label, yPred: prediction } = outputs[index]!;
      for (const metric of metrics) metric.updateState(label, prediction);
    }
    if (this.#weighted.length === 0) return;
    const weights = sampleWeight === null ? null : (flattenTree(sampleWeight) as Tensor[]);
    for (const { index, metrics } of this.#weighted) {
      const { yTrue: label, yPred: prediction } = outputs[index]!;
      const weight = weights === null ? null : (weights[index] ?? weights[0]!);
      for (const metric of metrics) metric.updateState(label, prediction, weight);
    }
  }

  #build(outputs: readonly Output[]): void {
    this.#plain = metricsOf(this.#settings[0], outputs, "metrics");
    this.#weighted = metricsOf(this.#settings[1], outputs, "weighted_metrics");
    this.#parts = [...this.#plain, ...this.#weighted].flatMap(({ metrics }) => metrics);
  }

  /** Every metric by name; a name that is taken gets a number, or `weighted_` before it. */
  override result(): Record<string, Tensor> {
    const results: Record<string, Tensor> = {};
    const uses = new Map<string, number>();
    const put = (name: string, metric: Metric): void => {
      const used = uses.get(name) ?? 0;
      uses.set(name, used + 1);
      results[used === 0 ? name : `${name}_${used}`] = metric.result() as Tensor;
    };
    const prefixed = (name: string, output: string | null): string =>
      output === null ? name : `${output}_${name}`;
    for (const { outputName, metrics } of this.#plain ?? []) {
      for (const metric of metrics) put(prefixed(metric.name, outputName), metric);
    }
    for (const { outputName, metrics } of this.#weighted) {
      for (const metric of metrics) {
        const name = prefixed(metric.name, outputName);
        put(uses.has(name) ? prefixed(`weighted_${metric.name}`, outputName) : name, metric);
      }
    }
    return results;
  }
}

const isAccuracy = (metric: unknown): boolean =>
  typeof metric === "string" && ["accuracy", "acc"].includes(metric.toLowerCase());

function metricsOf(
  setting: MetricsSetting | null,
  outputs: readonly Output[],
  what: string,
): OutputMetrics[] {
  if (setting === null || flattenTree(setting).length === 0) return [];
  if (outputs.length === 1) {
    const metrics = (flattenTree(setting) as (MetricLike | null)[]).filter((metric) => metric !== null);
    return [
      { index: 0, outputName: null, metrics: metrics.map((metric) => resolveMetric(metric, outputs[0]!)) },
    ];
  }
  if (!Array.isArray(setting) && !isKeyed(setting))
    throw new ValueError(`\`${what}\`: expected a list or an object`);
  const perOutput = settingPerOutput<unknown>(setting as readonly unknown[], outputs, what);
  return perOutput.flatMap((given, index) => {
    const metrics = (Array.isArray(given) ? given : [given]).filter(
      (metric) => metric !== null,
    ) as MetricLike[];
    const output = outputs[index]!;
    return {
      index,
      outputName: output.name,
      metrics: metrics.map((metric) => resolveMetric(metric, output)),
    };
  });
}

function resolveMetric(metric: MetricLike, { yTrue, yPred }: Output): Metric {
  if (isAccuracy(metric)) {
    const Chosen = chooseByShapes<new (options: { name: string }) => Metric>(yTrue!, yPred, {
      binary: BinaryAccuracy,
      sparse: SparseCategoricalAccuracy,
      categorical: CategoricalAccuracy,
    });
    return new Chosen({ name: metric as string });
  }
  const found = get(metric);
  const made =
    found instanceof Metric ? found : new MeanMetricWrapper(found, { name: found.name || "metric" });
  // A metric named by a text keeps that text as its name.
  if (typeof metric === "string") made.name = metric;
  return made;
}
