/** @file Text made from other text by copying and inserting, and the places of the one in the other. */

interface Copied {
  readonly start: number;
  readonly from: number;
  readonly length: number;
}

/** A range of text. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** Writes text piece by piece; afterwards it knows where each copied piece came from. */
export class MappedText {
  text = "";
  private readonly pieces: Copied[] = [];

  constructor(private readonly source: string) {}

  copy(start: number, end: number): void {
    if (end <= start) return;
    this.pieces.push({ start: this.text.length, from: start, length: end - start });
    this.text += this.source.slice(start, end);
  }

  insert(text: string): void {
    this.text += text;
  }

  /** The place in this text of a place in the source: the end of the piece before it, as for a word just typed. */
  generated(offset: number): number {
    let best = 0;
    let nearest = Number.POSITIVE_INFINITY;
    for (const { start, from, length } of this.pieces) {
      const inside = Math.min(Math.max(offset, from), from + length);
      // Of two pieces that meet here, the one that ends here: it comes first.
      if (Math.abs(offset - inside) >= nearest) continue;
      nearest = Math.abs(offset - inside);
      best = start + inside - from;
    }
    return best;
  }

  /** The range in the source of a range of this text; null if nothing of it was copied. */
  original(range: Range): Range | null {
    let found: Range | null = null;
    for (const { start, from, length } of this.pieces) {
      const low = Math.max(range.start, start);
      const high = Math.min(range.end, start + length);
      if (low > high || (low === high && range.start !== range.end)) continue;
      const part = { start: from + low - start, end: from + high - start };
      found =
        found === null
          ? part
          : { start: Math.min(found.start, part.start), end: Math.max(found.end, part.end) };
    }
    return found;
  }
}
