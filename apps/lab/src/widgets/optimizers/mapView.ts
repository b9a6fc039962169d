/** @file The map: the ground from above, and the paths on it. */
import type { Basins } from "./basins.js";
import { basinColor, groundOf, rampColor } from "./colors.js";
import type { Path } from "./descent.js";
import { type Heights, levelOf } from "./heightScale.js";
import type { View } from "./surfaces.js";
import { niceTicks } from "./ticks.js";

export interface DrawnPath {
  readonly path: Path;
  readonly color: string;
}

/** Everything on the map. */
export interface MapScene {
  readonly heights: Heights;
  /** Shown instead of the heights. */
  readonly basins: Basins | null;
  readonly paths: readonly DrawnPath[];
  readonly start: readonly [number, number];
  /** How many steps of the paths are shown. */
  readonly step: number;
}

/** Room for the numbers along the axes, in CSS pixels. */
const margin = { left: 40, right: 8, top: 8, bottom: 24 };
const bands = 14;
/** Pixels along a side of the picture of the heights. */
const pictureSize = 480;

/** Draws the map on a canvas, and knows which place a pixel shows. */
export class MapView {
  readonly canvas = document.createElement("canvas");
  private scene: MapScene | null = null;
  private ground: { readonly of: object; readonly dark: boolean; readonly image: HTMLCanvasElement } | null =
    null;
  private readonly resizes = new ResizeObserver(() => this.draw());

  constructor(private readonly colors: () => { text: string; dark: boolean }) {
    this.canvas.className = "play-canvas";
    this.canvas.setAttribute("role", "img");
    this.resizes.observe(this.canvas);
  }

  show(scene: MapScene): void {
    this.scene = scene;
    this.draw();
  }

  end(): void {
    this.resizes.disconnect();
  }

  /** The place in the view that a pixel of the window shows; null beside the map. */
  placeAt(clientX: number, clientY: number): [number, number] | null {
    if (this.scene === null) return null;
    const { view } = this.scene.heights;
    const box = this.canvas.getBoundingClientRect();
    const across = (clientX - box.left - margin.left) / (box.width - margin.left - margin.right);
    const up = 1 - (clientY - box.top - margin.top) / (box.height - margin.top - margin.bottom);
    if (!(across >= 0 && across <= 1 && up >= 0 && up <= 1)) return null;
    return [view.x[0] + across * (view.x[1] - view.x[0]), view.y[0] + up * (view.y[1] - view.y[0])];
  }

  /** Where a place of the view is on the canvas, in CSS pixels. */
  pixelOf(x: number, y: number): [number, number] {
    const { view } = this.scene!.heights;
    const [width, height] = this.size();
    return [
      margin.left + ((x - view.x[0]) / (view.x[1] - view.x[0])) * width,
      margin.top + (1 - (y - view.y[0]) / (view.y[1] - view.y[0])) * height,
    ];
  }

  private size(): [number, number] {
    const { clientWidth, clientHeight } = this.canvas;
    return [clientWidth - margin.left - margin.right, clientHeight - margin.top - margin.bottom];
  }

  private draw(): void {
    const { canvas, scene } = this;
    if (scene === null || canvas.clientWidth === 0) return;
    const ratio = window.devicePixelRatio;
    const [width, height] = [canvas.clientWidth, canvas.clientHeight].map((size) => Math.round(size * ratio));
    if (canvas.width !== width) canvas.width = width!;
    if (canvas.height !== height) canvas.height = height!;
    const context = canvas.getContext("2d")!;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, canvas.clientWidth, canvas.clientHeight);
    this.drawGround(context, scene);
    this.drawAxes(context, scene.heights.view);
    context.save();
    context.beginPath();
    context.rect(margin.left, margin.top, ...this.size());
    context.clip();
    this.drawPaths(context, scene);
    this.drawStart(context, scene.start);
    context.restore();
  }

  private drawGround(context: CanvasRenderingContext2D, { heights, basins }: MapScene): void {
    const of = basins ?? heights;
    const { dark } = this.colors();
    if (this.ground === null || this.ground.of !== of || this.ground.dark !== dark) {
      const image = basins === null ? heightImage(heights, dark) : basinImage(basins, dark);
      this.ground = { of, dark, image };
    }
    context.imageSmoothingEnabled = basins === null;
    context.drawImage(this.ground.image, margin.left, margin.top, ...this.size());
    for (const { x, y } of basins?.minima.slice(0, 100) ?? []) drawStar(context, ...this.pixelOf(x, y));
  }

  private drawAxes(context: CanvasRenderingContext2D, view: View): void {
    const [width, height] = this.size();
    const { text } = this.colors();
    Object.assign(context, { strokeStyle: text, fillStyle: text, lineWidth: 1, font: "11px sans-serif" });
    context.strokeRect(margin.left + 0.5, margin.top + 0.5, width - 1, height - 1);
    Object.assign(context, { textAlign: "center", textBaseline: "top" });
    for (const tick of niceTicks(view.x, width / 60)) {
      context.fillText(tick.label, this.pixelOf(tick.value, view.y[0])[0], margin.top + height + 6);
    }
    Object.assign(context, { textAlign: "right", textBaseline: "middle" });
    for (const tick of niceTicks(view.y, height / 50)) {
      context.fillText(tick.label, margin.left - 6, this.pixelOf(view.x[0], tick.value)[1]);
    }
  }

  /** Paths on pale edges, so that they show on any ground, with a dot where each walker is. */
  private drawPaths(context: CanvasRenderingContext2D, { paths, step }: MapScene): void {
    const drawn = paths.filter(({ path }) => path.x.length > 0);
    const outlines = drawn.map(({ path }) => this.outlineOf(path, step));
    Object.assign(context, { lineJoin: "round", strokeStyle: "rgba(255, 255, 255, 0.75)", lineWidth: 4 });
    for (const outline of outlines) context.stroke(outline);
    drawn.forEach(({ path, color }, i) => {
      Object.assign(context, { strokeStyle: color, lineWidth: 2 });
      context.stroke(outlines[i]!);
      const last = Math.min(step, path.x.length - 1);
      const dot = new Path2D();
      dot.arc(...this.pixelOf(path.x[last]!, path.y[last]!), 5, 0, 2 * Math.PI);
      Object.assign(context, { fillStyle: color, strokeStyle: "white", lineWidth: 1.5 });
      context.fill(dot);
      context.stroke(dot);
    });
  }

  private outlineOf(path: Path, step: number): Path2D {
    const outline = new Path2D();
    const end = Math.min(step + 1, path.x.length);
    for (let i = 0; i < end; i++) outline.lineTo(...this.pixelOf(path.x[i]!, path.y[i]!));
    return outline;
  }

  private drawStart(context: CanvasRenderingContext2D, start: readonly [number, number]): void {
    const [x, y] = this.pixelOf(...start);
    for (const [strokeStyle, lineWidth] of [
      ["white", 4],
      ["black", 2],
    ] as const) {
      Object.assign(context, { strokeStyle, lineWidth });
      context.beginPath();
      context.moveTo(x - 6, y);
      context.lineTo(x + 6, y);
      context.moveTo(x, y - 6);
      context.lineTo(x, y + 6);
      context.stroke();
    }
  }
}

function drawStar(context: CanvasRenderingContext2D, x: number, y: number): void {
  context.beginPath();
  for (let corner = 0; corner < 10; corner++) {
    const radius = corner % 2 === 0 ? 7 : 3;
    const angle = (corner * Math.PI) / 5 - Math.PI / 2;
    context.lineTo(x + radius * Math.cos(angle), y + radius * Math.sin(angle));
  }
  context.closePath();
  Object.assign(context, { fillStyle: "white", strokeStyle: "black", lineWidth: 1 });
  context.fill();
  context.stroke();
}

/** A square picture whose rows go upwards; `paint` gives a pixel's colour. */
function squareImage(size: number, paint: (index: number) => readonly number[] | null): HTMLCanvasElement {
  const canvas = document.createElement("canvas");
  canvas.width = size;
  canvas.height = size;
  const context = canvas.getContext("2d")!;
  const image = context.createImageData(size, size);
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      const color = paint(row * size + column);
      if (color !== null) image.data.set([...color, 255], 4 * ((size - 1 - row) * size + column));
    }
  }
  context.putImageData(image, 0, 0);
  return canvas;
}

/** Bands of equal colour, with a darker line where one meets the next; no colour where there is no height. */
function heightImage({ count, values, scale }: Heights, dark: boolean): HTMLCanvasElement {
  const ramp = groundOf(dark);
  const levels = Float32Array.from(values, (value) => levelOf(scale, value));
  const band = Int8Array.from({ length: pictureSize ** 2 }, (_, index) => {
    const level = levelBetween(levels, count, index % pictureSize, Math.floor(index / pictureSize));
    return Number.isFinite(level) ? Math.min(bands - 1, Math.floor(level * bands)) : -1;
  });
  return squareImage(pictureSize, (index) => {
    const own = band[index]!;
    if (own < 0) return null;
    const isLine = [1, pictureSize].some((next) => (band[index + next] ?? own) > own);
    const color = rampColor(ramp, (own + 0.5) / bands);
    return isLine ? color.map((channel) => channel * 0.8) : color;
  });
}

/** The level at a pixel of the picture, between those of the four nearest points of the grid. */
function levelBetween(levels: Float32Array, count: number, column: number, row: number): number {
  const place = (pixel: number) => (pixel * (count - 1)) / (pictureSize - 1);
  const left = Math.min(count - 2, Math.floor(place(column)));
  const below = Math.min(count - 2, Math.floor(place(row)));
  const [across, up] = [place(column) - left, place(row) - below];
  const along = (start: number) => levels[start]! * (1 - across) + levels[start + 1]! * across;
  return along(below * count + left) * (1 - up) + along((below + 1) * count + left) * up;
}

const basinImage = ({ count, labels }: Basins, dark: boolean): HTMLCanvasElement =>
  squareImage(count, (index) => basinColor(labels[index]!, dark));
