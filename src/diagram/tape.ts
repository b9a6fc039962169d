/**
 * @file A tape as a picture: variables at the top, ops in the order in which they ran, results at the bottom.
 */
import { ValueError } from "../core/errors.js";
import { showShape } from "../core/shape.js";
import type { Spec } from "../core/spec.js";
import type { GradientTape } from "../core/tape.js";
import type { TapeEntry } from "../core/tapeEntry.js";
import type { Operand } from "../core/tensor.js";
import type { Digraph } from "./graph.js";
import { box, boxGraph, colors, shortPlace } from "./look.js";
import { Picture } from "./picture.js";

/** How a tape is drawn. */
export interface PlotTapeOptions {
  /** What variables and tensors are called: `{ x, loss }`. Watched variables with a name of their own need none. */
  names?: Readonly<Record<string, Operand>>;
  /** Shapes on the edges and in the boxes of inputs and results; default true. */
  showShapes?: boolean;
  /** Element types beside the shapes; default false. */
  showDtype?: boolean;
  /** The line that made each op, where it is known; default true. */
  showLines?: boolean;
  /** The largest number of ops that is drawn; default 300. */
  maxOps?: number;
}

const variableDefaultName = "Variable";

/**
 * A picture of what a tape recorded: watched inputs, ops, results, and the tensors between them. It displays itself in
 * a notebook. A tape that is not persistent forgets its record in `gradient`, so draw it before.
 *
 * @param tape     a tape that has recorded something
 * @param options  names, shapes, lines
 * @throws {ValueError} nothing was recorded, or more than `maxOps` ops
 * @example
 * const x = new tf.Variable(3, { name: "x" });
 * const tape = new tf.GradientTape();
 * const y = tape.record(() => tf.exp(x.mul(x)));
 * tf.plotTape(tape, { names: { y } }) // <Picture of GradientTape, 2 ops>
 */
export function plotTape(tape: GradientTape, options: PlotTapeOptions = {}): Picture {
  const count = tape.recorded.length;
  if (count === 0) {
    throw new ValueError(
      "plotTape: the tape holds no record; draw it after record() and before gradient(), or make it persistent",
    );
  }
  const { maxOps = 300 } = options;
  if (count > maxOps) {
    throw new ValueError(`plotTape: the tape recorded ${count} ops, more than maxOps (${maxOps})`);
  }
  const drawing = new TapeDrawing(tape, options);
  return new Picture(drawing.draw(), `GradientTape, ${count} op${count === 1 ? "" : "s"}`);
}

class TapeDrawing {
  readonly #graph: Digraph;
  readonly #options: PlotTapeOptions;
  readonly #entries: readonly TapeEntry[];
  readonly #names: ReadonlyMap<number, string>;
  /** Which box a slot's tensor comes out of. */
  readonly #sources = new Map<number, string>();
  readonly #used = new Set<number>();

  constructor(tape: GradientTape, options: PlotTapeOptions) {
    this.#options = options;
    this.#entries = tape.recorded;
    this.#names = namesBySlot(tape, options.names ?? {});
    this.#graph = boxGraph();
  }

  draw(): Digraph {
    for (const [index, entry] of this.#entries.entries()) this.#drawEntry(`op ${index}`, entry);
    for (const entry of this.#entries) this.#drawResults(entry);
    return this.#graph;
  }

  #drawEntry(id: string, entry: TapeEntry): void {
    const line = this.#options.showLines === false ? null : placeOf(entry);
    const look = entry.op === null ? colors.block : colors.op;
    this.#graph.node(id, { label: box(look, entry.type, line === null ? [] : [line], this.#ports(entry)) });
    for (const [i, slot] of entry.inputSlots.entries()) {
      const port = entry.inputSlots.length === 1 ? undefined : String(i);
      if (slot !== -1) this.#connect(slot, id, port, entry.inputSpecs[i]!);
    }
    for (const k of entry.outputSpecs.keys()) this.#sources.set(entry.firstOutput + k, id);
  }

  /** Which input is which, where that can be asked. The tape keeps no values, so a constant is only called one. */
  #ports({ op, inputSlots, inputSpecs }: TapeEntry): string[] {
    if (inputSlots.length === 1) return [];
    const named = op !== null && !op.variadic;
    return inputSlots.map((slot, i) => {
      if (slot !== -1) return named ? op.inputs[i]! : String(i);
      const spec = inputSpecs[i]!;
      return spec.shape.length === 0 ? "constant" : `constant ${this.#describe(spec)}`;
    });
  }

  #connect(slot: number, to: string, port: string | undefined, spec: Spec): void {
    this.#used.add(slot);
    const from = this.#sources.get(slot) ?? this.#drawInput(slot, spec);
    const label =
      from === inputId(slot) ? "" : [this.#names.get(slot) ?? "", this.#describe(spec)].join(" ").trim();
    this.#graph.edge(from, to, label === "" ? {} : { label: ` ${label} ` }, port);
  }

  #drawInput(slot: number, spec: Spec): string {
    const id = inputId(slot);
    this.#sources.set(slot, id);
    this.#graph.node(id, { label: box(colors.input, this.#names.get(slot) ?? "watched", this.#below(spec)) });
    return id;
  }

  /** What no op took up is a result. */
  #drawResults(entry: TapeEntry): void {
    for (const [k, spec] of entry.outputSpecs.entries()) {
      const slot = entry.firstOutput + k;
      if (this.#used.has(slot)) continue;
      const id = `result ${slot}`;
      this.#graph.node(id, {
        label: box(colors.result, this.#names.get(slot) ?? "result", this.#below(spec)),
      });
      this.#graph.edge(this.#sources.get(slot)!, id);
    }
  }

  #below(spec: Spec): string[] {
    const text = this.#describe(spec);
    return text === "" ? [] : [text];
  }

  #describe(spec: Spec): string {
    const { showShapes = true, showDtype = false } = this.#options;
    return [showDtype ? spec.dtype : "", showShapes ? showShape(spec.shape) : ""].join(" ").trim();
  }
}

const inputId = (slot: number): string => `input ${slot}`;

const placeOf = ({ createdAt }: TapeEntry): string | null =>
  createdAt === null ? null : shortPlace(createdAt.file, createdAt.line);

/** The names of watched variables and of the tensors that the caller named, by where the tape keeps them. */
function namesBySlot(tape: GradientTape, given: Readonly<Record<string, Operand>>): Map<number, string> {
  const names = new Map<number, string>();
  for (const variable of tape.watchedVariables()) {
    if (variable.name !== variableDefaultName) names.set(tape.slotOf(variable), variable.name);
  }
  for (const [text, operand] of Object.entries(given)) names.set(tape.slotOf(operand), text);
  return names;
}
