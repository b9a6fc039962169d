import type { LineArtist } from "./model.js";

/** The corners of a line drawn in steps; other lines are given back as they are. */
export function stepPoints(line: Pick<LineArtist, "x" | "y" | "drawstyle">): { x: number[]; y: number[] } {
  const { x, y, drawstyle } = line;
  if (drawstyle === "default" || x.length === 0) return { x, y };
  const points = { x: [x[0]!], y: [y[0]!] };
  const push = (px: number, py: number) => {
    points.x.push(px);
    points.y.push(py);
  };
  for (let index = 1; index < x.length; index++) {
    const [x0, y0, x1, y1] = [x[index - 1]!, y[index - 1]!, x[index]!, y[index]!];
    if (drawstyle === "steps-pre") push(x0, y1);
    else if (drawstyle === "steps-post") push(x1, y0);
    else {
      push((x0 + x1) / 2, y0);
      push((x0 + x1) / 2, y1);
    }
    push(x1, y1);
  }
  return points;
}
