/** @file `display(value)` for notebook cells: shows a value, and can change what it shows later. */
import { bundleOf, type Inspect, type MimeBundle } from "./bundle.js";

/** How a bundle is shown: with an id it can be updated, and `update` replaces what has that id. */
export interface DisplayTarget {
  readonly displayId?: string;
  readonly update?: boolean;
}

/** Shows a bundle; set by whoever runs cells, at `Symbol.for("nabla.display")`. */
export type DisplayHook = (bundle: MimeBundle, target?: DisplayTarget) => void;

/** What is shared by well-known symbols, so that no part needs to import another. */
interface SharedHooks {
  [displayHookKey]?: DisplayHook | undefined;
  [inspectKey]?: Inspect | undefined;
  [afterCellKey]?: (() => unknown)[];
  [signalKey]?: AbortSignal;
}

export const displayHookKey: unique symbol = Symbol.for("nabla.display");
export const inspectKey: unique symbol = Symbol.for("nabla.inspect");
export const afterCellKey: unique symbol = Symbol.for("nabla.afterCell");
/** The signal that says that the cell was stopped, for long work that waits now and then, such as training. */
export const signalKey: unique symbol = Symbol.for("nabla.signal");

/** The hooks of this realm. */
export const hooks = globalThis as unknown as SharedHooks;

/** Something on display. */
export interface DisplayHandle {
  /** Shows another value in the same place. */
  update(value: unknown): void;
}

/** Shows values in a cell's output. */
export interface Display {
  (value: unknown): DisplayHandle;
  html(source: string): DisplayHandle;
  svg(source: string): DisplayHandle;
  markdown(source: string): DisplayHandle;
  latex(source: string): DisplayHandle;
  text(source: string): DisplayHandle;
  json(data: unknown): DisplayHandle;
  /** Shows content given by MIME type. */
  bundle(bundle: MimeBundle): DisplayHandle;
}

/** A value that displays as a bundle that is already made. */
class Prepared {
  constructor(private readonly bundle: MimeBundle) {}

  [Symbol.for("Jupyter.display")](): MimeBundle {
    return this.bundle;
  }
}

const inspectValue: Inspect = (value) => hooks[inspectKey]?.(value) ?? String(value);

function emit(bundle: MimeBundle, target: DisplayTarget): void {
  const hook = hooks[displayHookKey];
  if (hook !== undefined) hook(bundle, target);
  else console.log(bundle["text/plain"]);
}

/** Runs once after the cell, which is not over until `work` is done. */
function finishWithCell(work: Promise<unknown>): void {
  const list = (hooks[afterCellKey] ??= []);
  const wait = (): Promise<unknown> => {
    list.splice(list.indexOf(wait), 1);
    return work;
  };
  list.push(wait);
}

/** One place on display: what is shown there, in the order in which it was asked for. */
class Place implements DisplayHandle {
  private readonly displayId = crypto.randomUUID();
  private earlier: Promise<void> | null = null;

  show(value: unknown, update: boolean): void {
    const bundle = bundleOf(value, inspectValue);
    if (this.earlier === null && !(bundle instanceof Promise)) {
      emit(bundle, { displayId: this.displayId, update });
      return;
    }
    const turn = Promise.all([bundle, this.earlier]).then(([ready]) => {
      emit(ready, { displayId: this.displayId, update });
    });
    this.earlier = turn;
    finishWithCell(turn);
  }

  update(value: unknown): void {
    this.show(value, true);
  }
}

function show(value: unknown): DisplayHandle {
  const place = new Place();
  place.show(value, false);
  return place;
}

const showAs =
  (type: string) =>
  (source: string): DisplayHandle =>
    show(new Prepared({ [type]: source, "text/plain": source }));

/**
 * Shows a value in the output of the cell that runs: as its method `[Symbol.for("Jupyter.display")]` says, else as
 * text. Returns a handle whose `update` shows another value in the same place. Outside of cells it prints text.
 *
 * @example display.text("ready").update !== undefined // true
 */
export const display: Display = Object.assign(show, {
  html: showAs("text/html"),
  svg: showAs("image/svg+xml"),
  markdown: showAs("text/markdown"),
  latex: showAs("text/latex"),
  text: showAs("text/plain"),
  json: (data: unknown) =>
    show(new Prepared({ "application/json": data, "text/plain": JSON.stringify(data) })),
  bundle: (bundle: MimeBundle) =>
    show(new Prepared({ "text/plain": Object.keys(bundle).join(", "), ...bundle })),
});
