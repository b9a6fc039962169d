import { PlotValueError } from "./errors.js";

const defaults = {
  "figure.figsize": [6.4, 4.8] as [number, number],
  "figure.dpi": 100,
  "figure.facecolor": "white",
  "figure.subplot.left": 0.125,
  "figure.subplot.right": 0.9,
  "figure.subplot.bottom": 0.11,
  "figure.subplot.top": 0.88,
  "figure.subplot.wspace": 0.2,
  "figure.subplot.hspace": 0.2,
  "font.size": 10,
  "axes.facecolor": "white",
  "axes.titlesize": 12,
  "axes.labelsize": 10,
  "axes.grid": false,
  "axes.xmargin": 0.05,
  "axes.ymargin": 0.05,
  "axes.zmargin": 0.05,
  "grid.color": "#b0b0b0",
  "grid.linewidth": 0.8,
  "grid.linestyle": "-",
  "image.cmap": "viridis",
  "image.origin": "upper",
  "legend.fontsize": 10,
  "legend.loc": "best",
  "lines.linewidth": 1.5,
  "lines.linestyle": "-",
  "lines.marker": "None",
  "lines.markersize": 6,
  "xtick.labelsize": 10,
  "ytick.labelsize": 10,
};

export type RcParams = typeof defaults;

/**
 * The default sizes, colours and widths of new figures and axes, under Matplotlib's keys.
 * Assign to an entry to change it; an unknown key throws PlotValueError. Sizes are points, figure sizes inches.
 *
 * @example
 * plt.rcParams["lines.linewidth"] // 1.5
 */
export const rcParams: RcParams = new Proxy(
  { ...defaults },
  {
    set(target, key, value) {
      if (!(key in defaults)) {
        throw new PlotValueError(
          `rcParams: unknown key ${String(key)}; known: ${Object.keys(defaults).join(", ")}`,
        );
      }
      return Reflect.set(target, key, value);
    },
  },
);

/**
 * Puts every entry of `rcParams` back to its default.
 *
 * @example
 * plt.rcdefaults()
 */
export function rcdefaults(): void {
  Object.assign(rcParams, structuredClone(defaults));
}
