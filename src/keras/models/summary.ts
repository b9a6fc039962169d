/**
 * @file The table that `model.summary()` prints.
 */
import { bytesOf } from "../../core/dtype.js";
import { ValueError } from "../../core/errors.js";
import { sizeOf } from "../../core/shape.js";
import type { Variable as CoreVariable } from "../../core/variable.js";
import { showPythonShape } from "../base/pythonText.js";
import type { LayerShape } from "../base/shape.js";
import type { Layer } from "../layers/layer.js";
import { terminalColumns } from "../utils/output.js";

export interface SummaryOptions {
  /** Width of the table; default that of the terminal, 88 at most. */
  lineLength?: number | null;
  /** Where columns end, as shares of the width. */
  positions?: readonly number[] | null;
  /** Gets the whole text; default prints it. */
  printFn?: (text: string) => void;
  /** Shows the layers of models inside the model; default false. */
  expandNested?: boolean;
  /** Shows which layers training changes; default false. */
  showTrainable?: boolean;
  /** Names, or patterns, of the first and the last layer to show. */
  layerRange?: readonly [string, string] | null;
}

/** What is summarised. */
interface Summarized {
  readonly name: string;
  readonly layers: readonly Layer[];
  readonly trainableWeights: readonly CoreVariable[];
  readonly nonTrainableWeights: readonly CoreVariable[];
  readonly compiled: boolean;
  readonly optimizer: { readonly built: boolean; readonly variables: readonly CoreVariable[] } | null;
}

type Align = "left" | "right" | "center";

/** The text of the summary. */
export function summaryText(model: Summarized, options: SummaryOptions): string {
  const showTrainable = options.showTrainable ?? false;
  const header = ["Layer (type)", "Output Shape", "Param #", ...(showTrainable ? ["Trainable"] : [])];
  const aligns: Align[] = ["left", "left", "right", ...(showTrainable ? (["center"] as const) : [])];
  const shares = options.positions ?? [0.45, 0.8, 1];
  const positions = showTrainable ? [...shares.map((share) => share * 0.9), 1] : shares;
  const wanted = Math.min(showTrainable ? 100 : 88, terminalColumns() - 4);
  const widths = columnWidths(positions, options.lineLength || wanted);
  const rows = inRange(model.layers, options.layerRange ?? null).flatMap((layer) =>
    layerRows(layer, 0, options),
  );
  return `Model: "${model.name}"\n${table(header, rows, widths, aligns)}${footer(model)}`;
}

/**
 * Widths of the columns' texts. The table library of Keras adds two spaces to each and takes what is too much away
 * again, a share from each column, halves rounded to even.
 *
 * @throws {ValueError} a column has fewer than four characters
 */
function columnWidths(positions: readonly number[], lineLength: number): number[] {
  const widths: number[] = [];
  let used = 0;
  for (const position of positions) {
    const width = Math.trunc(position * lineLength) - used;
    if (width < 4) throw new ValueError("Insufficient console width to print summary.");
    widths.push(width + 2);
    used += width;
  }
  let excess = widths.reduce((sum, width) => sum + width, 0) - (lineLength - widths.length - 1);
  widths.forEach((width, i) => {
    const share = roundHalfEven(excess / (widths.length - i));
    widths[i] = width - share;
    excess -= share;
  });
  return widths.map((width) => width - 2);
}

function roundHalfEven(x: number): number {
  const floor = Math.floor(x);
  if (x - floor !== 0.5) return Math.round(x);
  return floor % 2 === 0 ? floor : floor + 1;
}

/** The layers from the first whose name fits one pattern to the last whose name fits the other. */
function inRange(layers: readonly Layer[], range: readonly [string, string] | null): readonly Layer[] {
  if (range === null) return layers;
  const places = (pattern: string): number[] =>
    layers.flatMap((layer, i) => (new RegExp(`^(?:${pattern})`).test(layer.name) ? [i] : []));
  const [lower, upper] = [places(range[0]), places(range[1])];
  if (lower.length === 0 || upper.length === 0) {
    throw new ValueError(
      `Passed layer_names do not match the layer names in the model. Received: ('${range[0]}', '${range[1]}')`,
    );
  }
  if (Math.min(...lower) > Math.max(...upper))
    return layers.slice(Math.min(...upper), Math.max(...lower) + 1);
  return layers.slice(Math.min(...lower), Math.max(...upper) + 1);
}

function layerRows(layer: Layer, depth: number, options: SummaryOptions): string[][] {
  const prefix = depth === 0 ? "" : `${"   ".repeat(depth)}└ `;
  const params = layer.built ? thousands(layer.countParams()) : "0 (unbuilt)";
  const row = [`${prefix}${layer.name} (${layer.constructor.name})`, shapeText(layer), params];
  if (options.showTrainable) row.push(layer.weights.length === 0 ? "-" : layer.trainable ? "Y" : "N");
  const inner = "layers" in layer ? (layer.layers as Layer[]) : [];
  return [row, ...(options.expandNested ? inner.flatMap((each) => layerRows(each, depth + 1, options)) : [])];
}

function shapeText(layer: Layer): string {
  const noted = layer.outputShapeNote;
  if (noted !== null) return pythonShape(noted);
  if (layer.buildShape === null) return "?";
  try {
    return pythonShape(layer.computeOutputShape(layer.buildShape));
  } catch {
    // A layer that cannot tell its shape is shown without one.
    return "?";
  }
}

/** As in the table: without the comma of a tuple with one entry. */
const pythonShape = (shape: LayerShape): string => showPythonShape(shape).replace(",)", ")");

const thousands = (n: number): string => String(n).replace(/\B(?=(\d{3})+$)/g, ",");

// ---- The table -------------------------------------------------------------------------------------------------

function table(
  header: string[],
  rows: string[][],
  widths: readonly number[],
  aligns: readonly Align[],
): string {
  const rule = (left: string, line: string, between: string, right: string): string =>
    `${left}${widths.map((width) => line.repeat(width + 2)).join(between)}${right}\n`;
  const head = rule("┏", "━", "┳", "┓") + rowText(header, widths, aligns, "┃") + rule("┡", "━", "╇", "┩");
  const body = rows.map((row) => rowText(row, widths, aligns, "│")).join(rule("├", "─", "┼", "┤"));
  return cropped(head + body + rule("└", "─", "┴", "┘"));
}

/** Lines no longer than the terminal's. */
const cropped = (text: string): string =>
  text
    .split("\n")
    .map((line) => line.slice(0, terminalColumns()))
    .join("\n");

/** One row, as many lines as its longest cell needs: heads stand at the bottom of it, the rest at the top. */
function rowText(
  cells: readonly string[],
  widths: readonly number[],
  aligns: readonly Align[],
  border: "┃" | "│",
): string {
  const wrapped = cells.map((cell, i) => wrap(cell, widths[i]!));
  const height = Math.max(...wrapped.map((lines) => lines.length));
  let text = "";
  for (let k = 0; k < height; k++) {
    const padded = wrapped.map((lines, i) => {
      const line = lines[border === "┃" ? k - (height - lines.length) : k] ?? "";
      return ` ${pad(line, widths[i]!, aligns[i]!)} `;
    });
    text += `${border}${padded.join(border)}${border}\n`;
  }
  return text;
}

function pad(text: string, width: number, align: Align): string {
  if (align === "right") return text.padStart(width);
  if (align === "left") return text.padEnd(width);
  return text.padStart(text.length + Math.floor((width - text.length) / 2)).padEnd(width);
}

/** Breaks a text between words; a word longer than the line is cut with an ellipsis. */
function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.match(/\s*\S+\s*/g) ?? [""]) {
    if (line !== "" && line.length + word.trimEnd().length > width) {
      lines.push(line);
      line = "";
    }
    line += word;
  }
  lines.push(line);
  return lines.map((each) => {
    const shown = each.trimEnd();
    return shown.length > width ? `${shown.slice(0, width - 1)}…` : shown;
  });
}

// ---- Below the table -------------------------------------------------------------------------------------------

function footer(model: Summarized): string {
  const { optimizer } = model;
  const ofOptimizer = model.compiled && optimizer?.built ? optimizer.variables : null;
  const { trainableWeights, nonTrainableWeights } = model;
  const lines: [string, readonly CoreVariable[]][] = [
    ["Total params", [...trainableWeights, ...nonTrainableWeights, ...(ofOptimizer ?? [])]],
    ["Trainable params", trainableWeights],
    ["Non-trainable params", nonTrainableWeights],
  ];
  if (ofOptimizer !== null) lines.push(["Optimizer params", ofOptimizer]);
  return lines.map(([title, variables]) => ` ${title}: ${countAndSize(variables)}\n`).join("");
}

function countAndSize(variables: readonly CoreVariable[]): string {
  const count = variables.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  const bytes = [...new Set(variables)].reduce(
    (sum, { shape, dtype }) => sum + sizeOf(shape) * bytesOf(dtype),
    0,
  );
  return `${thousands(count)} (${readableSize(bytes)})`;
}

function readableSize(bytes: number): string {
  const units = ["B", "KB", "MB", "GB", "TB", "PB"];
  let unit = 0;
  let size = bytes;
  while (size >= 1024 && unit < units.length - 1) {
    size /= 1024;
    unit++;
  }
  return `${size.toFixed(2)} ${units[unit]}`;
}
