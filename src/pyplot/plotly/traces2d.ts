import { arrowPolygons } from "../arrowShapes.js";
import { type Rgba, toCss } from "../color.js";
import type { Frame } from "../frame.js";
import { shownPicture } from "../imagePixels.js";
import { htmlText } from "../mathText.js";
import type {
  Artist,
  ImageArtist,
  LineArtist,
  LineStyleName,
  PointsArtist,
  PolygonsArtist,
  Ring,
  SegmentsArtist,
  TextArtist,
} from "../model.js";
import { pngDataUri } from "../pngEncode.js";
import { stepPoints } from "../steps.js";
import {
  collapse,
  compact,
  fontOf,
  lineOf,
  markerOf,
  markerSize,
  type PlotlyObject,
  symbolOf,
  withGaps,
} from "./style.js";

/** What one artist becomes: traces, and parts of the layout. */
export interface PlotlyParts {
  traces: PlotlyObject[];
  shapes: PlotlyObject[];
  images: PlotlyObject[];
  annotations: PlotlyObject[];
}

/** The axes that a part belongs to. */
export interface PlaneTarget {
  /** "" for the first axes, else its number: xaxis2 is "x2" to a trace. */
  suffix: string;
  frame: Frame;
  /** Pixels per point. */
  scale: number;
  isLogX: boolean;
  isLogY: boolean;
}

function parts(some: Partial<PlotlyParts>): PlotlyParts {
  return { traces: [], shapes: [], images: [], annotations: [], ...some };
}

function scatterTrace(target: PlaneTarget, label: string, rest: PlotlyObject): PlotlyObject {
  const isNamed = label !== "" && !label.startsWith("_");
  return {
    type: "scatter",
    xaxis: `x${target.suffix}`,
    yaxis: `y${target.suffix}`,
    name: isNamed ? htmlText(label) : "",
    showlegend: isNamed,
    ...(isNamed ? {} : { hoverinfo: "x+y" }),
    ...rest,
  };
}

function closed(rings: readonly Ring[]): Ring[] {
  return rings.map((ring) => ({ x: [...ring.x, ring.x[0]!], y: [...ring.y, ring.y[0]!] }));
}

function fillTrace(
  target: PlaneTarget,
  label: string,
  rings: readonly Ring[],
  face: Rgba,
  line: PlotlyObject,
): PlotlyObject {
  const outline = closed(rings);
  return scatterTrace(target, label, {
    mode: "lines",
    x: withGaps(outline.map((ring) => ring.x)),
    y: withGaps(outline.map((ring) => ring.y)),
    ...(face[3] === 0 ? {} : { fill: "toself", fillcolor: toCss(face) }),
    line,
    hoveron: "points",
  });
}

function lineParts(line: LineArtist, target: PlaneTarget): PlotlyParts {
  if (line.coordinates !== "data") return parts({ shapes: [spanShape(line, target)] });
  const hasLine = line.linestyle !== "None";
  const hasMarkers = line.marker !== "None";
  if (!hasLine && !hasMarkers) return parts({});
  const { x, y } = hasMarkers ? line : stepPoints(line);
  const shape = { default: "linear", "steps-pre": "vh", "steps-mid": "hvh", "steps-post": "hv" }[
    line.drawstyle
  ];
  const trace = scatterTrace(target, line.label, {
    mode: [hasLine ? "lines" : "", hasMarkers ? "markers" : ""].filter(Boolean).join("+"),
    x: compact(x),
    y: compact(y),
    ...(hasLine ? { line: { ...lineOf(line, target.scale), ...(hasMarkers ? { shape } : {}) } } : {}),
    ...(hasMarkers ? { marker: markerOf(line, target.scale, false) } : {}),
  });
  return parts({ traces: [trace] });
}

/** A line across the axes keeps to their edges when the user zooms. */
function spanShape(line: LineArtist, target: PlaneTarget): PlotlyObject {
  const domain = (name: string, isFraction: boolean) =>
    `${name}${target.suffix}${isFraction ? " domain" : ""}`;
  return {
    type: "line",
    xref: domain("x", line.coordinates === "xAxes"),
    yref: domain("y", line.coordinates === "yAxes"),
    x0: line.x[0],
    x1: line.x[1],
    y0: line.y[0],
    y1: line.y[1],
    line: lineOf(line, target.scale),
    ...(line.label === "" || line.label.startsWith("_")
      ? {}
      : { name: htmlText(line.label), showlegend: true }),
  };
}

function pointParts(points: PointsArtist, target: PlaneTarget): PlotlyParts {
  const { scale } = target;
  const trace = scatterTrace(target, points.label, {
    mode: "markers",
    x: compact(points.x),
    y: compact(points.y),
    marker: {
      symbol: symbolOf(points.marker, false),
      size: collapse(
        points.sizes.map((size) =>
          Number(markerSize(points.marker, Math.sqrt(size), scale, false).toFixed(2)),
        ),
      ),
      color: collapse(points.faces.map(toCss)),
      line: { color: collapse(points.edges.map(toCss)), width: points.edgewidth * scale },
      opacity: 1,
    },
  });
  return parts({ traces: [trace] });
}

function sameFaces(artist: PolygonsArtist): { face: Rgba; rings: Ring[] }[] {
  const groups = new Map<string, { face: Rgba; rings: Ring[] }>();
  for (const { face, rings } of artist.polygons) {
    const group = groups.get(toCss(face)) ?? { face, rings: [] };
    group.rings.push(...rings);
    groups.set(toCss(face), group);
  }
  return [...groups.values()];
}

function polygonParts(artist: PolygonsArtist, target: PlaneTarget): PlotlyParts {
  const isContour = artist.role === "contour";
  const groups = isContour ? artist.polygons : sameFaces(artist);
  const hasEdge = artist.edge[3] > 0 && artist.linewidth > 0;
  const line = { color: toCss(artist.edge), width: hasEdge ? artist.linewidth * target.scale : 0 };
  const traces = groups.map(({ face, rings }, index) => {
    const trace = fillTrace(target, index === 0 ? artist.label : "", rings, face, line);
    return isContour ? { ...trace, hoverinfo: "skip" } : trace;
  });
  return parts({ traces });
}

interface LineGroup {
  color: Rgba;
  linestyle: LineStyleName;
  lines: SegmentsArtist["lines"];
}

/** Lines of one look, to be drawn as one trace. */
export function groupLines(artist: SegmentsArtist): LineGroup[] {
  const groups = new Map<string, LineGroup>();
  for (const line of artist.lines) {
    const key = `${toCss(line.color)} ${line.linestyle}`;
    const group = groups.get(key) ?? { color: line.color, linestyle: line.linestyle, lines: [] };
    group.lines.push(line);
    groups.set(key, group);
  }
  return [...groups.values()];
}

function segmentParts(artist: SegmentsArtist, target: PlaneTarget): PlotlyParts {
  const traces = groupLines(artist).map(({ color, linestyle, lines }) =>
    scatterTrace(target, artist.label, {
      mode: "lines",
      x: withGaps(lines.map((line) => line.x)),
      y: withGaps(lines.map((line) => line.y)),
      line: lineOf({ color, linestyle, linewidth: artist.linewidth }, target.scale),
    }),
  );
  return parts({ traces });
}

function imageParts(image: ImageArtist, { suffix, frame }: PlaneTarget): PlotlyParts {
  const [left, right, bottom, top] = image.extent;
  const [x0, x1, y0, y1] = [frame.x(left), frame.x(right), frame.y(top), frame.y(bottom)];
  const mirror = { x: x1 < x0, y: y1 < y0 };
  const { columns, rows, pixels } = shownPicture(image, Math.abs(x1 - x0), Math.abs(y1 - y0), mirror);
  return parts({
    images: [
      {
        source: pngDataUri(columns, rows, pixels),
        xref: `x${suffix}`,
        yref: `y${suffix}`,
        x: mirror.x ? right : left,
        y: mirror.y ? bottom : top,
        sizex: Math.abs(right - left),
        sizey: Math.abs(top - bottom),
        xanchor: "left",
        yanchor: "top",
        sizing: "stretch",
        layer: "below",
      },
    ],
  });
}

/** Plotly places annotations on logarithmic axes by exponent. */
function position(value: number, isLog: boolean): number {
  return isLog ? Math.log10(value) : value;
}

function textParts(text: TextArtist, target: PlaneTarget): PlotlyParts {
  const { suffix, isLogX, isLogY, scale } = target;
  const inAxes = text.coordinates === "axes";
  const inData = text.coordinates === "data";
  const vertical = { top: "top", center: "middle", bottom: "bottom", baseline: "bottom" }[text.vertical];
  const look: PlotlyObject = {
    text: htmlText(text.text),
    font: fontOf(text.size * scale, text.color, text.weight, text.style),
    textangle: -text.rotation,
    xanchor: text.horizontal,
    yanchor: vertical,
    ...(text.box === null
      ? {}
      : {
          bgcolor: toCss(text.box.face),
          bordercolor: toCss(text.box.edge),
          borderwidth: scale,
          borderpad: text.box.pad * scale,
        }),
  };
  const here = {
    xref: inAxes ? `x${suffix} domain` : `x${suffix}`,
    yref: inAxes ? `y${suffix} domain` : `y${suffix}`,
    x: inAxes ? text.x : position(text.x, isLogX),
    y: inAxes ? text.y : position(text.y, isLogY),
  };
  const { target: point } = text;
  if (point === null || (point.arrow === null && inData))
    return parts({ annotations: [{ ...here, ...look, showarrow: false }] });
  const tail = inData
    ? { axref: `x${suffix}`, ayref: `y${suffix}`, ax: position(text.x, isLogX), ay: position(text.y, isLogY) }
    : { ax: text.x * scale, ay: -text.y * scale };
  const arrow = point.arrow;
  const annotation = {
    xref: `x${suffix}`,
    yref: `y${suffix}`,
    x: position(point.x, isLogX),
    y: position(point.y, isLogY),
    ...tail,
    ...look,
    showarrow: true,
    arrowcolor: toCss(arrow?.color ?? [0, 0, 0, 0]),
    arrowwidth: Math.max(0.1, (arrow?.linewidth ?? 0.1) * scale * (arrow?.style === "simple" ? 2.5 : 1)),
    arrowhead: arrow?.style === "-" ? 0 : 2,
    standoff: 3,
  };
  return parts({ annotations: [annotation] });
}

/** Turns one artist of flat axes into traces and parts of the layout. */
export function planeParts(artist: Artist, target: PlaneTarget): PlotlyParts {
  switch (artist.kind) {
    case "line":
      return lineParts(artist, target);
    case "points":
      return pointParts(artist, target);
    case "polygons":
      return polygonParts(artist, target);
    case "segments":
      return segmentParts(artist, target);
    case "image":
      return imageParts(artist, target);
    case "text":
      return textParts(artist, target);
    case "arrows": {
      const traces = arrowPolygons(artist, target.frame).map(({ points, color }) => {
        const data = points.map(([x, y]) => target.frame.dataAt(x, y));
        const ring = { x: data.map(([x]) => x), y: data.map(([, y]) => y) };
        return { color: toCss(color), face: color, ring };
      });
      const groups = new Map<string, { face: Rgba; rings: Ring[] }>();
      for (const { color, face, ring } of traces) {
        const group = groups.get(color) ?? { face, rings: [] };
        group.rings.push(ring);
        groups.set(color, group);
      }
      return parts({
        traces: [...groups.values()].map(({ face, rings }) => ({
          ...fillTrace(target, "", rings, face, { width: 0 }),
          hoverinfo: "skip",
        })),
      });
    }
    case "surface":
      return parts({});
  }
}
