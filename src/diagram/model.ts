/**
 * @file A model as a picture in the manner of Keras: a table per layer, from the input to the output.
 */
import { ValueError } from "../core/errors.js";
import { Digraph, escapeHtml, HtmlLabel } from "./graph.js";
import { font } from "./look.js";
import { Picture } from "./picture.js";

/** A shape whose unknown sizes are null, or a list or a record of them. */
export type ShapeTree =
  | readonly (number | null)[]
  | readonly ShapeTree[]
  | { readonly [key: string]: ShapeTree };

/** What a picture says of a layer. */
export interface LayerDescription {
  /** Unique in its model. */
  readonly name: string;
  readonly className: string;
  /** Null where the layer is not built; left out for an input layer, which has none. */
  readonly inputShape?: ShapeTree | null;
  readonly outputShape: ShapeTree | null;
  readonly dtype?: string | null;
  readonly activation?: string | null;
  /** Left out for a layer without weights. */
  readonly trainable?: boolean;
  /** The layers inside, if it is a model itself. */
  readonly model?: ModelDescription;
}

/** What a picture says of a model. */
export interface ModelDescription {
  readonly name: string;
  readonly layers: readonly LayerDescription[];
  /** Which layer feeds which, by name. */
  readonly edges: readonly (readonly [from: string, to: string])[];
}

/** How a model is drawn; the names and defaults are Keras's. */
export interface ModelPictureOptions {
  showShapes?: boolean;
  showDtype?: boolean;
  showLayerNames?: boolean;
  showLayerActivations?: boolean;
  /** Says of layers with weights whether training changes them. */
  showTrainable?: boolean;
  /** Draws the layers inside models that are layers. */
  expandNested?: boolean;
  /** "TB", from top to bottom, or "LR", from left to right. */
  rankdir?: "TB" | "LR";
  /** How edges run; "ortho" (the default) for right angles. */
  splines?: "ortho" | "curved" | "polyline" | "spline" | "line";
}

const optionNames = [
  ...["showShapes", "showDtype", "showLayerNames", "showLayerActivations", "showTrainable"],
  ...["expandNested", "rankdir", "splines"],
];

/**
 * A picture of a model from a description of it. `keras.utils.plotModel` is the same for a model.
 *
 * @throws {ValueError} an option it does not know, or an edge from or to no layer
 */
export function modelPicture(model: ModelDescription, options: ModelPictureOptions = {}): Picture {
  const unknown = Object.keys(options).filter((option) => !optionNames.includes(option));
  if (unknown.length > 0) {
    throw new ValueError(
      `plotModel: unknown option ${unknown.join(", ")}; there are ${optionNames.join(", ")}`,
    );
  }
  const graph = new Digraph(
    {
      rankdir: options.rankdir ?? "TB",
      splines: options.splines ?? "ortho",
      concentrate: true,
      fontname: font,
    },
    { node: { fontname: font, shape: "plain", margin: 0 }, edge: { penwidth: 2 } },
  );
  drawLayers(graph, model, "", options);
  const count = model.layers.length;
  return new Picture(graph, `model ${model.name}, ${count} layer${count === 1 ? "" : "s"}`);
}

/** The boxes through which a drawn layer is entered and left; several where it is a model drawn open. */
interface Ends {
  readonly first: readonly string[];
  readonly last: readonly string[];
}

function drawLayers(
  graph: Digraph,
  model: ModelDescription,
  prefix: string,
  options: ModelPictureOptions,
): Ends {
  const ends = new Map<string, Ends>();
  for (const layer of model.layers) ends.set(layer.name, drawLayer(graph, layer, prefix, options));
  const end = (name: string): Ends => {
    const found = ends.get(name);
    if (found === undefined) throw new ValueError(`modelPicture: model ${model.name} has no layer ${name}`);
    return found;
  };
  for (const [from, to] of model.edges) {
    for (const source of end(from).last) for (const target of end(to).first) graph.edge(source, target);
  }
  const names = model.layers.map(({ name }) => name);
  const entered = new Set(model.edges.map(([, to]) => to));
  const left = new Set(model.edges.map(([from]) => from));
  return {
    first: names.filter((name) => !entered.has(name)).flatMap((name) => end(name).first),
    last: names.filter((name) => !left.has(name)).flatMap((name) => end(name).last),
  };
}

function drawLayer(
  graph: Digraph,
  layer: LayerDescription,
  prefix: string,
  options: ModelPictureOptions,
): Ends {
  const id = prefix + layer.name;
  const inner = layer.model;
  if (options.expandNested && inner !== undefined && inner.layers.length > 0) {
    let ends: Ends = { first: [], last: [] };
    graph.cluster(id, { label: layer.name, labeljust: "l", style: "dashed" }, () => {
      ends = drawLayers(graph, inner, `${id}/`, options);
    });
    return ends;
  }
  graph.node(id, { label: layerTable(layer, options) });
  return { first: [id], last: [id] };
}

/** A black head with the layer's class, and below it what was asked for, in white cells. */
function layerTable(layer: LayerDescription, options: ModelPictureOptions): HtmlLabel {
  const facts = [
    ...shapeCells(layer, options),
    ...dtypeCell(layer, options),
    ...trainableCell(layer, options),
  ];
  const columns = Math.max(1, facts.length);
  const row = (color: string, text: string): string =>
    `<tr><td colspan="${columns}" bgcolor="${color}">${text}</td></tr>`;
  const className = escapeHtml(layer.className);
  const title = options.showLayerNames
    ? `<b>${escapeHtml(layer.name)}</b> (${className})`
    : `<b>${className}</b>`;
  const rows = [row("black", `<font point-size="16" color="white">${title}</font>`)];
  if (options.showLayerActivations && layer.activation) {
    rows.push(row("white", fact("Activation", layer.activation)));
  }
  if (facts.length > 0) rows.push(`<tr>${facts.join("")}</tr>`);
  return new HtmlLabel(
    `<table border="0" cellborder="1" cellspacing="2" bgcolor="black" cellpadding="10">${rows.join("")}</table>`,
  );
}

const fact = (label: string, value: string): string =>
  `<font point-size="14">${label}: <b>${escapeHtml(value)}</b></font>`;

const cell = (label: string, value: string): string => `<td bgcolor="white">${fact(label, value)}</td>`;

function shapeCells(layer: LayerDescription, { showShapes }: ModelPictureOptions): string[] {
  if (!showShapes) return [];
  const output = cell("Output shape", shapeText(layer.outputShape));
  return layer.inputShape === undefined
    ? [output]
    : [cell("Input shape", shapeText(layer.inputShape)), output];
}

const dtypeCell = ({ dtype }: LayerDescription, { showDtype }: ModelPictureOptions): string[] =>
  showDtype ? [cell("Output dtype", dtype ?? "?")] : [];

function trainableCell({ trainable }: LayerDescription, { showTrainable }: ModelPictureOptions): string[] {
  if (!showTrainable || trainable === undefined) return [];
  const [color, text] = trainable ? ["forestgreen", "Trainable"] : ["firebrick", "Non-trainable"];
  return [`<td bgcolor="${color}"><font point-size="14" color="white"><b>${text}</b></font></td>`];
}

const isShape = (tree: ShapeTree): tree is readonly (number | null)[] =>
  Array.isArray(tree) && tree.every((size) => size === null || typeof size === "number");

/** `(None, 2)`; several in a list, or as `name: (None, 2)`. A shape that is not known yet is "?". */
function shapeText(tree: ShapeTree | null): string {
  if (tree === null) return "?";
  if (isShape(tree)) {
    const sizes = tree.map((size) => (size === null ? "None" : String(size)));
    return sizes.length === 1 ? `(${sizes[0]},)` : `(${sizes.join(", ")})`;
  }
  if (Array.isArray(tree)) return `[${tree.map(shapeText).join(", ")}]`;
  return Object.entries(tree)
    .map(([key, part]) => `${key}: ${shapeText(part)}`)
    .join(", ");
}
