import type { Axes, AxisCommand } from "./axes.js";
import type { LabelOptions, TickOptions } from "./axesBase.js";
import type { PlotElement } from "./element.js";
import { describe, PlotTypeError } from "./errors.js";
import type { LegendOptions } from "./legend.js";
import type { GridOptions } from "./plots/grid.js";
import { currentAxes, currentSpace } from "./state.js";

/**
 * Sets the title above the current axes.
 *
 * @example
 * plt.figure();
 * plt.title("Loss");
 * plt.gca().getTitle() // Loss
 */
export function title(label: string, options: LabelOptions = {}): void {
  currentAxes().setTitle(label, options);
}

/**
 * Sets the label of the x axis.
 *
 * @example
 * plt.xlabel("epoch")
 */
export function xlabel(label: string, options: LabelOptions = {}): void {
  currentAxes().setXlabel(label, options);
}

/**
 * Sets the label of the y axis.
 *
 * @example
 * plt.ylabel("loss $L(w)$")
 */
export function ylabel(label: string, options: LabelOptions = {}): void {
  currentAxes().setYlabel(label, options);
}

/**
 * Sets the label of the z axis.
 *
 * @example
 * plt.figure().addSubplot(111, { projection: "3d" });
 * plt.zlabel("height")
 */
export function zlabel(label: string, options: LabelOptions = {}): void {
  currentSpace("zlabel").setZlabel(label, options);
}

/**
 * Shows a legend of everything labelled: `legend()`, `legend(["a", "b"])`, `legend({ loc: "upper left" })`.
 *
 * @example
 * plt.figure();
 * plt.plot([1, 2], { label: "train" });
 * plt.legend({ loc: "upper left" })
 */
export function legend(
  ...args:
    | [LegendOptions?]
    | [readonly string[], LegendOptions?]
    | [readonly PlotElement[], readonly string[], LegendOptions?]
): void {
  currentAxes().legend(...args);
}

/**
 * Shows or hides grid lines; with no argument it shows them.
 *
 * @example
 * plt.grid(true, { axis: "y", linestyle: ":" })
 */
export function grid(visible: boolean | GridOptions = true, options: GridOptions = {}): void {
  currentAxes().grid(visible, options);
}

/**
 * Sets the limits of the x axis if given, and gives those in force.
 *
 * @example
 * plt.figure();
 * plt.xlim(0, 10) // [ 0, 10 ]
 */
export function xlim(left?: unknown, right?: unknown): [number, number] {
  return currentAxes().setXlim(left, right);
}

/**
 * Sets the limits of the y axis if given, and gives those in force.
 *
 * @example
 * plt.figure();
 * plt.ylim([-1, 1]) // [ -1, 1 ]
 */
export function ylim(bottom?: unknown, top?: unknown): [number, number] {
  return currentAxes().setYlim(bottom, top);
}

/**
 * Sets the limits of the z axis if given, and gives those in force.
 *
 * @example
 * plt.figure().addSubplot(111, { projection: "3d" });
 * plt.zlim(0, 2) // [ 0, 2 ]
 */
export function zlim(bottom?: unknown, top?: unknown): [number, number] {
  return currentSpace("zlim").setZlim(bottom, top);
}

/**
 * Makes the x axis "linear" or "log".
 *
 * @example
 * plt.figure();
 * plt.xscale("log")
 */
export function xscale(scale: "linear" | "log"): void {
  currentAxes().setXscale(scale);
}

/**
 * Makes the y axis "linear" or "log".
 *
 * @example
 * plt.figure();
 * plt.yscale("log")
 */
export function yscale(scale: "linear" | "log"): void {
  currentAxes().setYscale(scale);
}

/**
 * Puts the ticks of the x axis at given values, with labels if given.
 *
 * @example
 * plt.figure();
 * plt.xticks([0, 1], ["off", "on"])
 */
export function xticks(
  ticks: unknown,
  labels?: readonly unknown[],
  options: { rotation?: number } = {},
): void {
  currentAxes().setXticks(ticks, labels, options);
}

/**
 * Puts the ticks of the y axis at given values, with labels if given.
 *
 * @example
 * plt.figure();
 * plt.yticks([0, 0.5, 1])
 */
export function yticks(
  ticks: unknown,
  labels?: readonly unknown[],
  options: { rotation?: number } = {},
): void {
  currentAxes().setYticks(ticks, labels, options);
}

/**
 * Changes the size, colour or rotation of tick labels.
 *
 * @example
 * plt.tickParams({ axis: "x", rotation: 45, labelsize: 8 })
 */
export function tickParams(options: TickOptions): void {
  currentAxes().tickParams(options);
}

/**
 * Widens automatic limits by these fractions of the data's span.
 *
 * @example
 * plt.figure();
 * plt.plot([0, 1], [0, 1]);
 * plt.margins(0);
 * plt.xlim() // [ 0, 1 ]
 */
export function margins(margin: number | { x?: number; y?: number; z?: number }): void {
  currentAxes().margins(margin);
}

/**
 * Scales or hides the axes by a command ("equal", "off", "tight", …), or sets four limits; gives the limits.
 *
 * @example
 * plt.figure();
 * plt.axis([0, 1, -2, 2]) // [ 0, 1, -2, 2 ]
 */
export function axis(command: AxisCommand = []): [number, number, number, number] {
  const target = currentAxes();
  if (target.model.kind === "2d") return (target as Axes).axis(command);
  if (command === "off" || command === false) target.setAxisOff();
  else if (command === "on" || command === true) target.setAxisOn();
  else throw new PlotTypeError(`axis: three-dimensional axes know "on" and "off"; got ${describe(command)}`);
  return [...target.getXlim(), ...target.getYlim()];
}
