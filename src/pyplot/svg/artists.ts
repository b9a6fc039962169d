import { arrowPolygons } from "../arrowShapes.js";
import type { Frame } from "../frame.js";
import { shownPicture } from "../imagePixels.js";
import type {
  Artist,
  ImageArtist,
  LineArtist,
  PointsArtist,
  PolygonsArtist,
  SegmentsArtist,
} from "../model.js";
import { pngDataUri } from "../pngEncode.js";
import { stepPoints } from "../steps.js";
import { drawPlacedText } from "./labels.js";
import { drawMarker, markerAttributes } from "./markers.js";
import { fillOf, polyline, type SvgWriter, strokeOf } from "./writer.js";

type Pixels = [number, number][];

function linePixels(line: LineArtist, frame: Frame): Pixels {
  const { x, y } = stepPoints(line);
  const toX =
    line.coordinates === "xAxes"
      ? (value: number) => frame.fractionX(value)
      : (value: number) => frame.x(value);
  const toY =
    line.coordinates === "yAxes"
      ? (value: number) => frame.fractionY(value)
      : (value: number) => frame.y(value);
  return x.map((value, index) => [toX(value), toY(y[index]!)]);
}

function drawLine(writer: SvgWriter, line: LineArtist, frame: Frame): void {
  const scale = writer.pixelsPerPoint;
  const solid = line.linestyle === "-";
  writer.path(polyline(linePixels(line, frame)), {
    fill: "none",
    ...strokeOf(line.color, line.linewidth * scale, line.linestyle),
    "stroke-linejoin": "round",
    "stroke-linecap": solid ? "square" : null,
  });
  if (line.marker === "None") return;
  const shared = markerAttributes(
    line.marker,
    line.markerfacecolor,
    line.markeredgecolor,
    line.markeredgewidth * scale,
  );
  writer.group(shared, () => {
    for (let index = 0; index < line.x.length; index++) {
      const x = frame.x(line.x[index]!);
      const y = frame.y(line.y[index]!);
      if (Number.isFinite(x + y)) drawMarker(writer, line.marker, x, y, line.markersize * scale);
    }
  });
}

function drawPoints(writer: SvgWriter, points: PointsArtist, frame: Frame): void {
  const scale = writer.pixelsPerPoint;
  points.x.forEach((value, index) => {
    const x = frame.x(value);
    const y = frame.y(points.y[index]!);
    if (!Number.isFinite(x + y)) return;
    const size = Math.sqrt(points.sizes[index]!) * scale;
    const look = markerAttributes(
      points.marker,
      points.faces[index]!,
      points.edges[index]!,
      points.edgewidth * scale,
    );
    drawMarker(writer, points.marker, x, y, size, look);
  });
}

/** Bars end on whole pixels, so that neighbours meet without a seam. */
function drawBars(writer: SvgWriter, bars: PolygonsArtist, frame: Frame): void {
  const stroke = strokeOf(bars.edge, bars.linewidth * writer.pixelsPerPoint);
  for (const { rings, face } of bars.polygons) {
    const corners = rings[0]!.x.map((x, index): [number, number] => [
      frame.x(x),
      frame.y(rings[0]!.y[index]!),
    ]);
    const pixels = corners.map(([x, y]): [number, number] => [Math.round(x), Math.round(y)]);
    writer.path(polyline(pixels, true), { ...fillOf(face), ...stroke, "stroke-linejoin": "miter" });
  }
}

function drawPolygons(writer: SvgWriter, artist: PolygonsArtist, frame: Frame): void {
  const stroke = strokeOf(artist.edge, artist.linewidth * writer.pixelsPerPoint);
  for (const { rings, face } of artist.polygons) {
    const data = rings
      .map((ring) =>
        polyline(
          ring.x.map((x, index) => [frame.x(x), frame.y(ring.y[index]!)]),
          true,
        ),
      )
      .join("");
    // Bands of contours share their borders: without crisp edges the background would shine through.
    const sharing =
      artist.role === "contour" ? { "fill-rule": "evenodd", "shape-rendering": "crispEdges" } : {};
    writer.path(data, { ...fillOf(face), ...stroke, ...sharing });
  }
}

function drawSegments(writer: SvgWriter, artist: SegmentsArtist, frame: Frame): void {
  for (const line of artist.lines) {
    const data = polyline(line.x.map((x, index) => [frame.x(x), frame.y(line.y[index]!)]));
    const stroke = strokeOf(line.color, artist.linewidth * writer.pixelsPerPoint, line.linestyle);
    writer.path(data, { fill: "none", ...stroke, "stroke-linejoin": "round" });
  }
}

function drawImage(writer: SvgWriter, image: ImageArtist, frame: Frame): void {
  const [left, right, bottom, top] = image.extent;
  const [x0, x1, y0, y1] = [frame.x(left), frame.x(right), frame.y(top), frame.y(bottom)];
  const [width, height] = [Math.abs(x1 - x0), Math.abs(y1 - y0)];
  const { columns, rows, pixels } = shownPicture(image, width, height, { x: x1 < x0, y: y1 < y0 });
  writer.element("image", {
    x: Math.min(x0, x1),
    y: Math.min(y0, y1),
    width,
    height,
    preserveAspectRatio: "none",
    "image-rendering": image.smooth ? null : "optimizeSpeed",
    href: pngDataUri(columns, rows, pixels),
  });
}

/** Draws one artist of a flat axes; everything but texts is clipped by the group around it. */
export function drawArtist(writer: SvgWriter, artist: Artist, frame: Frame): void {
  switch (artist.kind) {
    case "line":
      drawLine(writer, artist, frame);
      break;
    case "points":
      drawPoints(writer, artist, frame);
      break;
    case "polygons":
      if (artist.role === "bar") drawBars(writer, artist, frame);
      else drawPolygons(writer, artist, frame);
      break;
    case "segments":
      drawSegments(writer, artist, frame);
      break;
    case "image":
      drawImage(writer, artist, frame);
      break;
    case "text":
      drawPlacedText(writer, artist, frame);
      break;
    case "arrows":
      for (const arrow of arrowPolygons(artist, frame))
        writer.path(polyline(arrow.points, true), fillOf(arrow.color));
      break;
    case "surface":
      break;
  }
}
