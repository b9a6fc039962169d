import type { Axes } from "./axes.js";
import type { Axes3D } from "./axes3d.js";
import { PlotTypeError, PlotValueError } from "./errors.js";
import { Figure, type FigureOptions } from "./figure.js";

/** The open figures by number, in the order of their last use. */
const open = new Map<number, Figure>();

function activate(figure: Figure): Figure {
  open.delete(figure.number);
  open.set(figure.number, figure);
  return figure;
}

/** Opens a figure, or makes the open one of that number the current one. */
export function openFigure(number: number | undefined, options: FigureOptions): Figure {
  const existing = number === undefined ? undefined : open.get(number);
  if (existing !== undefined) return activate(existing);
  return activate(new Figure(number ?? Math.max(0, ...open.keys()) + 1, options));
}

/** The current figure; a new one when none is open. */
export function currentFigure(): Figure {
  return [...open.values()].at(-1) ?? openFigure(undefined, {});
}

/** The current axes; new ones when there are none. */
export function currentAxes(): Axes | Axes3D {
  return currentFigure().gca();
}

/** The current axes when they are flat; else an error that names the call. */
export function currentPlane(who: string): Axes {
  const axes = currentAxes();
  if (axes.model.kind === "2d") return axes as Axes;
  throw new PlotTypeError(`${who}: the current axes are three-dimensional, which have no ${who}`);
}

/** The current axes when they are in space; else an error that names the call. */
export function currentSpace(who: string): Axes3D {
  const axes = currentAxes();
  if (axes.model.kind === "3d") return axes as Axes3D;
  throw new PlotTypeError(
    `${who}: the current axes are two-dimensional; make them with { projection: "3d" }`,
  );
}

/** All open figures by number. */
export function openFigures(): Figure[] {
  return [...open.values()].sort((first, second) => first.number - second.number);
}

/** Forgets figures: the current one, one of them, or all. */
export function closeFigures(which: Figure | number | "all" | undefined): void {
  if (which === "all") open.clear();
  else if (which instanceof Figure) {
    if (open.get(which.number) === which) open.delete(which.number);
  } else if (which !== undefined) open.delete(which);
  else if (open.size > 0) open.delete(currentFigure().number);
}

/** Makes the figure of some axes, and those axes, the current ones. */
export function setCurrentAxes(axes: Axes | Axes3D): void {
  const owner = openFigures().find((figure) => figure.axes.includes(axes));
  if (owner === undefined) throw new PlotValueError("sca: the figure of the axes is closed");
  activate(owner).sca(axes);
}
