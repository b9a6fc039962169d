/** @file Output of the rewrite: copied pieces of the source and inserted text, each knowing where it came from. */
import type { SourceMapMappings } from "@jridgewell/sourcemap-codec";
import { wordsOf } from "./align.js";
import { LineTable, PositionMap } from "./positions.js";

/**
 * A piece of output; `from` is an offset in the source. The text was copied from there, or stands in the place of one
 * word there, or was inserted.
 */
interface Piece {
  text: string;
  readonly from: number;
  readonly kind: "copy" | "word" | "insert";
}

/** Text to be filled in when what follows it is known. */
export interface Slot {
  text: string;
}

/** Collects rewritten code in order, and the positions that go with it. */
export class Writer {
  private readonly pieces: Piece[] = [];

  constructor(private readonly source: string) {}

  /** Copies the source from one offset to another. */
  copy(start: number, end: number): void {
    if (start < end) this.pieces.push({ text: this.source.slice(start, end), from: start, kind: "copy" });
  }

  /** Inserts text that stands for the source at `from`. */
  insert(text: string, from: number): void {
    this.pieces.push({ text, from, kind: "insert" });
  }

  /** Writes text in the place of the word of the source at `from`. */
  replaceWord(text: string, from: number): void {
    this.pieces.push({ text, from, kind: "word" });
  }

  /** Drops a stretch of the source but keeps its line breaks, so that lines stay where they are. */
  skip(start: number, end: number): void {
    const breaks = this.source.slice(start, end).replace(/[^\n]/g, "");
    if (breaks !== "") this.insert(breaks, start);
  }

  /** Leaves a place to fill in later. */
  slot(from: number): Slot {
    const piece: Piece = { text: "", from, kind: "insert" };
    this.pieces.push(piece);
    return piece;
  }

  /** The code written so far. */
  code(): string {
    return this.pieces.map((piece) => piece.text).join("");
  }

  /** Where each piece of the code came from. */
  positions(): PositionMap {
    const table = new LineTable(this.source);
    const mappings: SourceMapMappings = [[]];
    const exact = [new Set<number>()];
    let column = 0;
    for (const { text, from, kind } of this.pieces) {
      let at = from;
      for (const [index, line] of text.split("\n").entries()) {
        if (index > 0) {
          mappings.push([]);
          exact.push(new Set());
          column = 0;
        }
        const place = table.locate(at);
        const starts = kind === "copy" ? wordsOf(line).map((word) => word.column) : line === "" ? [] : [0];
        for (const start of starts) {
          mappings.at(-1)!.push([column + start, 0, place.line, place.column + start]);
          if (kind !== "insert") exact.at(-1)!.add(column + start);
        }
        column += line.length;
        if (kind === "copy") at += line.length + 1;
      }
    }
    return new PositionMap(mappings, exact);
  }
}
