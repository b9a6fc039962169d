import { toCss, toHex } from "../color.js";
import type { PlacedAxes } from "../layout.js";
import { htmlText } from "../mathText.js";
import type {
  Artist,
  LineArtist,
  PointsArtist,
  Rect,
  SegmentsArtist,
  SurfaceArtist,
  TextArtist,
  View3D,
} from "../model.js";
import { axisNames } from "../space.js";
import { axisTicks } from "../ticks.js";
import { axisBase, domainOf, titleAnnotations } from "./axes2d.js";
import { legendLayout } from "./legend.js";
import {
  collapse,
  colorscaleOf,
  compact,
  fontOf,
  markerOf,
  markerSize,
  type PlotlyObject,
  spaceLineOf,
  symbolOf,
  withGaps,
} from "./style.js";
import { groupLines, type PlotlyParts } from "./traces2d.js";

/** How far Plotly's camera stands off, and how long the box's longest side is, for a picture like Matplotlib's. */
const cameraDistance = 2.3;
const longestSide = 1.1;

/** Soft light for surfaces of one colour; nearly none for those whose colours mean something. */
const shadedLight = { ambient: 0.75, diffuse: 0.5, specular: 0.05, roughness: 0.9 };
const evenLight = { ambient: 0.9, diffuse: 0.2, specular: 0, roughness: 1 };

/** How much wider than its cell a scene may be, as a fraction. */
const sceneMargin = 0.1;

/** Walls of the box, as Matplotlib shades them. */
const wallColors = { x: "#f8f8f8", y: "#f2f2f2", z: "#f5f5f5" } as const;

function spaceTrace(scene: string, label: string, rest: PlotlyObject): PlotlyObject {
  const isNamed = label !== "" && !label.startsWith("_");
  return { type: "scatter3d", scene, name: isNamed ? htmlText(label) : "", showlegend: isNamed, ...rest };
}

function coordinates(artist: { x: number[]; y: number[]; z: number[] | null }): PlotlyObject {
  return { x: compact(artist.x), y: compact(artist.y), z: compact(artist.z ?? artist.x.map(() => 0)) };
}

function lineTrace(line: LineArtist, scene: string, scale: number): PlotlyObject {
  const hasLine = line.linestyle !== "None";
  const hasMarkers = line.marker !== "None";
  return spaceTrace(scene, line.label, {
    ...coordinates(line),
    mode: hasLine ? (hasMarkers ? "lines+markers" : "lines") : "markers",
    ...(hasLine ? { line: spaceLineOf(line, scale) } : {}),
    ...(hasMarkers ? { marker: markerOf(line, scale, true) } : {}),
  });
}

function pointsTrace(points: PointsArtist, scene: string, scale: number): PlotlyObject {
  const alpha = points.faces[0]?.[3] ?? 1;
  return spaceTrace(scene, points.label, {
    ...coordinates(points),
    mode: "markers",
    marker: {
      symbol: symbolOf(points.marker, true),
      size: collapse(
        points.sizes.map((size) =>
          Number(markerSize(points.marker, Math.sqrt(size) + points.edgewidth, scale, true).toFixed(2)),
        ),
      ),
      color: collapse(points.faces.map(toHex)),
      opacity: alpha,
      line: { width: 0 },
    },
  });
}

function segmentTraces(artist: SegmentsArtist, scene: string, scale: number): PlotlyObject[] {
  return groupLines(artist).map(({ color, linestyle, lines }, index) =>
    spaceTrace(scene, index === 0 ? artist.label : "", {
      mode: "lines",
      x: withGaps(lines.map((line) => line.x)),
      y: withGaps(lines.map((line) => line.y)),
      z: withGaps(lines.map((line) => line.z ?? line.x.map(() => 0))),
      line: spaceLineOf({ color, linestyle, linewidth: artist.linewidth }, scale),
    }),
  );
}

/** The columns' x and the rows' y when the grid is straight, which takes far less room than two matrices. */
function gridAxes(surface: SurfaceArtist): PlotlyObject {
  const isStraight =
    surface.x.every((row) => row.every((value, column) => value === surface.x[0]![column])) &&
    surface.y.every((row) => row.every((value) => value === row[0]));
  if (isStraight) return { x: compact(surface.x[0]!), y: compact(surface.y.map((row) => row[0]!)) };
  return { x: surface.x.map(compact), y: surface.y.map(compact) };
}

function surfaceTrace(surface: SurfaceArtist, scene: string): PlotlyObject {
  const plain = toHex(surface.color);
  const scale = surface.colorScale;
  return {
    type: "surface",
    scene,
    name: htmlText(surface.label),
    showlegend: surface.label !== "" && !surface.label.startsWith("_"),
    ...gridAxes(surface),
    z: surface.z.map(compact),
    showscale: false,
    opacity: surface.alpha,
    ...(scale === null
      ? {
          colorscale: [
            [0, plain],
            [1, plain],
          ],
        }
      : { colorscale: colorscaleOf(scale.cmap), cmin: scale.vmin, cmax: scale.vmax }),
    lighting: surface.shade ? shadedLight : evenLight,
  };
}

function textTrace(text: TextArtist, scene: string, scale: number): PlotlyObject {
  const across = { left: "right", center: "center", right: "left" }[text.horizontal];
  const up = { top: "bottom", center: "middle", bottom: "top", baseline: "top" }[text.vertical];
  return spaceTrace(scene, "", {
    mode: "text",
    x: [text.x],
    y: [text.y],
    z: [text.z ?? 0],
    text: [htmlText(text.text)],
    textposition: `${up} ${across}`,
    textfont: { size: text.size * scale, color: toCss(text.color) },
    hoverinfo: "skip",
  });
}

function spaceTraces(artist: Artist, scene: string, scale: number): PlotlyObject[] {
  switch (artist.kind) {
    case "line":
      return [lineTrace(artist, scene, scale)];
    case "points":
      return [pointsTrace(artist, scene, scale)];
    case "segments":
      return segmentTraces(artist, scene, scale);
    case "surface":
      return [surfaceTrace(artist, scene)];
    case "text":
      return [textTrace(artist, scene, scale)];
    default:
      return [];
  }
}

/** Plotly cuts labels off at the edge of a scene: it gets some of the empty room around it. */
function widened({ left, top, width, height }: Rect): Rect {
  const side = sceneMargin * width;
  return { left: left - side, top, width: width + 2 * side, height: height * (1 + sceneMargin) };
}

function cameraOf(view: View3D): PlotlyObject {
  const elevation = (view.elevation * Math.PI) / 180;
  const azimuth = (view.azimuth * Math.PI) / 180;
  return {
    eye: {
      x: cameraDistance * Math.cos(elevation) * Math.cos(azimuth),
      y: cameraDistance * Math.cos(elevation) * Math.sin(azimuth),
      z: cameraDistance * Math.sin(elevation),
    },
    up: { x: 0, y: 0, z: 1 },
    center: { x: 0, y: 0, z: -0.1 },
    projection: { type: view.projection === "ortho" ? "orthographic" : "perspective" },
  };
}

/** What three-dimensional axes add to a Plotly figure; `suffix` numbers their scene. */
export function spaceAxes(
  placed: PlacedAxes,
  suffix: string,
  legendSuffix: string,
  figure: { width: number; height: number },
  scale: number,
): PlotlyParts & { layout: PlotlyObject } {
  const { axes, frame, limits } = placed;
  const scene = `scene${suffix}`;
  const legend = legendLayout(axes, frame, () => ({ points: [], lines: [], boxes: [] }), figure, scale);
  const name = `legend${legendSuffix}`;
  const traces = axes.artists.flatMap((artist) => spaceTraces(artist, scene, scale));
  const sides = axes.view.boxAspect.map((side) => (side / Math.max(...axes.view.boxAspect)) * longestSide);
  const axisLayout = (axisName: "x" | "y" | "z"): PlotlyObject => {
    const { major } = axisTicks(axes.axis[axisName], axisName, limits[axisName], frame.width / scale, true);
    return {
      ...axisBase(axes.axis[axisName], limits[axisName], major, scale),
      visible: axes.frame,
      showbackground: true,
      backgroundcolor: wallColors[axisName],
      showline: true,
      linecolor: "black",
      tickfont: fontOf(axes.axis[axisName].tickSize * scale * 0.85, axes.axis[axisName].tickColor),
      showspikes: false,
    };
  };
  return {
    traces: traces.map((trace) => ({
      ...trace,
      ...(legend === null ? { showlegend: false } : { legend: name }),
    })),
    shapes: [],
    images: [],
    annotations: titleAnnotations(axes, frame, figure, scale),
    layout: {
      [scene]: {
        domain: domainOf(widened(placed.box), figure),
        ...Object.fromEntries(axisNames.map((axisName) => [`${axisName}axis`, axisLayout(axisName)])),
        camera: cameraOf(axes.view),
        aspectmode: "manual",
        aspectratio: { x: sides[0], y: sides[1], z: sides[2] },
      },
      ...(legend === null ? {} : { [name]: legend }),
    },
  };
}
