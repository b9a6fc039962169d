import type { ImageArtist } from "./model.js";

/** Pictures are enlarged to about this many times the pixels they are shown on, so that viewers do not blur them. */
const oversampling = 2;

/** No picture is enlarged beyond this many pixels a side. */
const mostPixels = 2048;

export interface Picture {
  columns: number;
  rows: number;
  pixels: Uint8ClampedArray;
}

function enlargement(count: number, shownPixels: number): number {
  const wanted = Math.ceil((shownPixels * oversampling) / count);
  return Math.max(1, Math.min(wanted, Math.floor(mostPixels / count)));
}

/** The picture with every pixel repeated, so that it keeps its sharp edges, and mirrored where asked. */
export function shownPicture(
  image: ImageArtist,
  shownWidth: number,
  shownHeight: number,
  mirror: { x: boolean; y: boolean } = { x: false, y: false },
): Picture {
  const across = image.smooth ? 1 : enlargement(image.columns, shownWidth);
  const down = image.smooth ? 1 : enlargement(image.rows, shownHeight);
  const columns = image.columns * across;
  const rows = image.rows * down;
  const source = new Uint32Array(image.pixels.buffer);
  const target = new Uint32Array(columns * rows);
  for (let row = 0; row < rows; row++) {
    const fromRow = Math.floor((mirror.y ? rows - 1 - row : row) / down);
    for (let column = 0; column < columns; column++) {
      const fromColumn = Math.floor((mirror.x ? columns - 1 - column : column) / across);
      target[row * columns + column] = source[fromRow * image.columns + fromColumn]!;
    }
  }
  return { columns, rows, pixels: new Uint8ClampedArray(target.buffer) };
}
