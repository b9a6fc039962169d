import { defaultGrid } from "../axesModel.js";
import { type ColorSpec, toRgba, withAlpha } from "../color.js";
import { toLineStyle } from "../formatString.js";
import type { GridStyle } from "../model.js";
import { checkOptions } from "../options.js";

/** Which grid lines to show and how they look. */
export interface GridOptions {
  which?: "major" | "minor" | "both";
  axis?: "x" | "y" | "both";
  color?: ColorSpec;
  linestyle?: string;
  ls?: string;
  linewidth?: number;
  lw?: number;
  alpha?: number | null;
}

/** The look of grid lines from options and rcParams. */
export function gridStyle(options: GridOptions): GridStyle {
  checkOptions("grid", options, ["which", "axis", "color", "linestyle", "ls", "linewidth", "lw", "alpha"]);
  const standard = defaultGrid();
  const color = options.color === undefined ? standard.color : toRgba("grid", options.color);
  return {
    color: withAlpha(color, options.alpha),
    linewidth: options.linewidth ?? options.lw ?? standard.linewidth,
    linestyle: toLineStyle("grid", options.linestyle ?? options.ls ?? standard.linestyle),
  };
}
