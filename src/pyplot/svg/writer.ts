import { type Rgba, toHex } from "../color.js";
import type { LineStyleName } from "../model.js";

/** Attributes of an element; null and undefined are left out. */
export type Attributes = Readonly<Record<string, string | number | null | undefined>>;

/** On-off lengths of dashes, in line widths. */
const dashPatterns: Readonly<Record<string, readonly number[]>> = {
  "--": [3.7, 1.6],
  "-.": [6.4, 1.6, 1, 1.6],
  ":": [1, 1.65],
};

/** Keeps coordinates far outside the figure within what renderers can hold. */
const farAway = 1e5;

/** A number as short as pictures need. */
export function format(value: number): string {
  const near = Math.max(-farAway, Math.min(farAway, value));
  return String(Math.round(near * 100) / 100);
}

export function escapeXml(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}

function attributeText(attributes: Attributes): string {
  return Object.entries(attributes)
    .filter(([, value]) => value !== null && value !== undefined)
    .map(([name, value]) => ` ${name}="${typeof value === "number" ? format(value) : escapeXml(value!)}"`)
    .join("");
}

/** `fill` attributes of a colour. */
export function fillOf(color: Rgba): Attributes {
  if (color[3] === 0) return { fill: "none" };
  return { fill: toHex(color), "fill-opacity": color[3] < 1 ? color[3] : null };
}

/** `stroke` attributes of a colour and a width in pixels; none when nothing would show. */
export function strokeOf(color: Rgba, width: number, linestyle: LineStyleName = "-"): Attributes {
  if (color[3] === 0 || width === 0 || linestyle === "None") return {};
  return {
    stroke: toHex(color),
    "stroke-opacity": color[3] < 1 ? color[3] : null,
    "stroke-width": width,
    "stroke-dasharray": dashPatterns[linestyle]?.map((length) => format(length * width)).join(" "),
  };
}

/** Builds an SVG document piece by piece. */
export class SvgWriter {
  private readonly parts: string[] = [];
  private readonly clips = new Set<string>();

  /** `pixelsPerPoint` turns the model's points into pixels. */
  constructor(readonly pixelsPerPoint: number) {}

  element(name: string, attributes: Attributes, content?: string): void {
    const open = `<${name}${attributeText(attributes)}`;
    this.parts.push(content === undefined ? `${open}/>` : `${open}>${content}</${name}>`);
  }

  /** Draws `body` inside a group. */
  group(attributes: Attributes, body: () => void): void {
    this.parts.push(`<g${attributeText(attributes)}>`);
    body();
    this.parts.push("</g>");
  }

  path(data: string, attributes: Attributes): void {
    if (data !== "") this.element("path", { d: data, ...attributes });
  }

  line(x1: number, y1: number, x2: number, y2: number, attributes: Attributes): void {
    this.element("path", { d: `M${format(x1)} ${format(y1)}L${format(x2)} ${format(y2)}`, ...attributes });
  }

  /** The url of a clip rectangle. Its name tells its place, so equal names in one page mean equal clips. */
  clip(left: number, top: number, width: number, height: number): string {
    const id = `clip-${[left, top, width, height].map(format).join("-")}`;
    if (!this.clips.has(id)) {
      this.clips.add(id);
      const rectangle = `<rect${attributeText({ x: left, y: top, width, height })}/>`;
      this.parts.push(`<clipPath id="${id}">${rectangle}</clipPath>`);
    }
    return `url(#${id})`;
  }

  toString(): string {
    return this.parts.join("\n");
  }
}

/** Path data through points; a point that is not finite interrupts the line. */
export function polyline(points: readonly (readonly [number, number])[], close = false): string {
  let data = "";
  let isDrawing = false;
  for (const [x, y] of points) {
    if (Number.isNaN(x) || Number.isNaN(y)) {
      isDrawing = false;
      continue;
    }
    data += `${isDrawing ? "L" : "M"}${format(x)} ${format(y)}`;
    isDrawing = true;
  }
  return close && data !== "" ? `${data}Z` : data;
}

/**
 * Path data of a closed polygon in tenths of pixels, each corner relative to the one before: half as long as
 * `polyline`, for surfaces of thousands of patches. Equal corners round equally, so neighbours still meet.
 */
export function compactPolygon(points: readonly (readonly [number, number])[]): string {
  const tenths = points.map(([x, y]) => [Math.round(x * 10), Math.round(y * 10)] as const);
  const steps = tenths.slice(1).map(([x, y], index) => {
    const dx = (x - tenths[index]![0]) / 10;
    const dy = (y - tenths[index]![1]) / 10;
    return `${dx}${dy < 0 ? "" : " "}${dy}`;
  });
  const [x, y] = tenths[0]!;
  return `M${x / 10} ${y / 10}l${steps.join(" ")}Z`;
}

/** The middle of the pixel that holds a coordinate: where thin straight lines look sharp. */
export function snap(value: number): number {
  return Math.floor(value) + 0.5;
}
