/** @file The surface in space, and the paths on it, drawn by Plotly. */
import { loadPlotly } from "../../notebook/plotlyLibrary.js";
import { cssColor, groundOf } from "./colors.js";
import { type HeightScale, type Heights, levelOf } from "./heightScale.js";
import type { DrawnPath, MapScene } from "./mapView.js";

const config = { displaylogo: false, displayModeBar: false, responsive: false };

/** Lifts lines off the surface, which would swallow half of them. */
const lift = 0.02;

/** Draws scenes, one at a time; of those that come meanwhile, the last. */
export class SurfaceView {
  readonly element = document.createElement("div");
  private waiting: MapScene | null = null;
  private isDrawing = false;
  private isOver = false;
  private shape: { readonly of: Heights; readonly dark: boolean; readonly trace: object } | null = null;
  private last: MapScene | null = null;
  private readonly resizes = new ResizeObserver(() => {
    if (this.last !== null) this.show(this.last);
  });

  constructor(private readonly colors: () => { text: string; dark: boolean }) {
    this.element.className = "play-surface";
    this.element.setAttribute("role", "img");
    this.resizes.observe(this.element);
  }

  show(scene: MapScene): void {
    this.last = scene;
    this.waiting = scene;
    if (!this.isDrawing) void this.drawWaiting();
  }

  end(): void {
    this.isOver = true;
    this.resizes.disconnect();
    void loadPlotly().then((plotly) => plotly.purge(this.element));
  }

  private async drawWaiting(): Promise<void> {
    this.isDrawing = true;
    try {
      const plotly = await loadPlotly();
      while (this.waiting !== null && !this.isOver) {
        const scene = this.waiting;
        this.waiting = null;
        if (this.element.clientWidth > 0) {
          await plotly.react(this.element, this.traces(scene), this.layout(scene), config);
        }
        // Drawing in space is slow on some machines: the page comes first.
        await new Promise((resolve) => setTimeout(resolve, 40));
      }
    } catch (error) {
      this.element.textContent = `The surface could not be drawn: ${String(error)}`;
    }
    this.isDrawing = false;
  }

  private traces({ heights, paths, step }: MapScene): object[] {
    const { dark } = this.colors();
    if (this.shape?.of !== heights || this.shape.dark !== dark) {
      this.shape = { of: heights, dark, trace: surfaceTrace(heights, dark) };
    }
    return [this.shape.trace, ...paths.map((path) => pathTrace(path, heights, step))];
  }

  private layout({ heights: { view } }: MapScene): object {
    const { text, dark } = this.colors();
    const { clientWidth: width, clientHeight: height } = this.element;
    const axis = { color: text, gridcolor: dark ? "#444" : "#ccc", showspikes: false, showbackground: false };
    return {
      width,
      height,
      margin: { l: 0, r: 0, t: 0, b: 0 },
      paper_bgcolor: "rgba(0, 0, 0, 0)",
      font: { color: text, size: 11 },
      showlegend: false,
      // The same name as before: the reader's own view of it stays.
      uirevision: "surface",
      scene: {
        aspectmode: "manual",
        aspectratio: { x: 1, y: 1, z: 0.7 },
        camera: { eye: { x: 0.3, y: -1.2, z: 1.85 }, center: { x: 0, y: 0, z: -0.1 } },
        xaxis: { ...axis, title: { text: "x" }, range: view.x },
        yaxis: { ...axis, title: { text: "y" }, range: view.y },
        zaxis: { ...axis, title: { text: "height" }, showticklabels: false, range: [0, 1.05] },
      },
    };
  }
}

function surfaceTrace({ view, count, values, scale }: Heights, dark: boolean): object {
  const along = ([low, high]: readonly [number, number]) =>
    Array.from({ length: count }, (_, i) => low + ((high - low) * i) / (count - 1));
  const levels = Array.from(values, (value) => (Number.isFinite(value) ? levelOf(scale, value) : null));
  const ramp = groundOf(dark);
  return {
    type: "surface",
    x: along(view.x),
    y: along(view.y),
    z: Array.from({ length: count }, (_, row) => levels.slice(row * count, (row + 1) * count)),
    colorscale: ramp.map((color, i) => [i / (ramp.length - 1), cssColor(color)]),
    cmin: 0,
    cmax: 1,
    showscale: false,
    opacity: 1,
    hoverinfo: "skip",
  };
}

/** A path as far as it has come and lies in the view; the rest would be drawn outside of the box. */
function pathTrace({ path, color }: DrawnPath, { view, scale }: Heights, step: number): object {
  const end = Math.min(step + 1, path.x.length);
  const inside = ([low, high]: readonly [number, number], value: number) => value >= low && value <= high;
  const shown = Array.from({ length: end }, (_, i) => i);
  const seen = (i: number) => inside(view.x, path.x[i]!) && inside(view.y, path.y[i]!);
  const pick = (values: readonly number[]) => shown.map((i) => (seen(i) ? values[i]! : null));
  return {
    type: "scatter3d",
    mode: "lines",
    x: pick(path.x),
    y: pick(path.y),
    z: shown.map((i) => (seen(i) ? heightInBox(scale, path.height[i]!) : null)),
    line: { color, width: 5 },
    hoverinfo: "skip",
  };
}

const heightInBox = (scale: HeightScale, height: number): number =>
  Math.min(1, levelOf(scale, height)) + lift;
