/** @file Where a place in rewritten code came from in the user's source, and back. */
import { encode, type SourceMapMappings, type SourceMapSegment } from "@jridgewell/sourcemap-codec";

/** A place in text; line and column count from 1, as in stack traces and editors. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** A source map in the standard form, revision 3. */
export interface SourceMapJson {
  readonly version: 3;
  readonly file: string;
  readonly sources: string[];
  readonly sourcesContent: string[];
  readonly names: string[];
  readonly mappings: string;
}

/** The segment in force at a column: the last one that starts at or before it. */
function segmentAt(
  line: readonly SourceMapSegment[] | undefined,
  column: number,
): SourceMapSegment | undefined {
  let found: SourceMapSegment | undefined;
  for (const segment of line ?? []) {
    if (segment[0] > column) break;
    if (segment.length > 1) found = segment;
  }
  return found;
}

/** Turns offsets in a text into lines and columns that count from 0. */
export class LineTable {
  private readonly starts = [0];

  constructor(text: string) {
    for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) this.starts.push(at + 1);
  }

  /** Line and column, from 0, of an offset. */
  locate(offset: number): { line: number; column: number } {
    let low = 0;
    let high = this.starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.starts[middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low, column: offset - this.starts[low]! };
  }
}

/** Maps places of rewritten code to places of the source it was made from, and back. */
export class PositionMap {
  /** Per line of the code: segments of code column, 0, source line, source column, all from 0. */
  readonly mappings: SourceMapMappings;

  /** `exact` holds, per line of the code, the columns of words that stand for words of the source, not for more. */
  constructor(
    mappings: SourceMapMappings,
    private readonly exact: readonly ReadonlySet<number>[] = [],
  ) {
    this.mappings = mappings;
  }

  /** The place in the source of a place in the rewritten code: the start of the word it stands in. */
  original({ line, column }: Position): Position {
    const segment = segmentAt(this.mappings[line - 1], column - 1);
    if (segment === undefined || segment.length === 1) return { line, column: 1 };
    return { line: segment[2] + 1, column: segment[3] + 1 };
  }

  /** The place in the rewritten code of a place in the source. */
  generated({ line, column }: Position): Position {
    let best: { line: number; column: number; from: number; exact: boolean } | undefined;
    this.mappings.forEach((segments, codeLine) => {
      for (const segment of segments) {
        if (segment.length === 1 || segment[2] !== line - 1 || segment[3] > column - 1) continue;
        const exact = this.exact[codeLine]?.has(segment[0]) ?? false;
        const nearer =
          best === undefined || segment[3] > best.from || (segment[3] === best.from && exact && !best.exact);
        if (nearer) best = { line: codeLine + 1, column: segment[0] + 1, from: segment[3], exact };
      }
    });
    if (best === undefined) return { line, column };
    return { line: best.line, column: best.column + (column - 1 - best.from) };
  }

  /** This map followed by another: places here come from code that itself came from the other's source. */
  after(earlier: PositionMap): PositionMap {
    const mappings = this.mappings.map((segments) =>
      segments.map((segment): SourceMapSegment => {
        if (segment.length === 1) return segment;
        const { line, column } = earlier.original({ line: segment[2] + 1, column: segment[3] + 1 });
        return [segment[0], 0, line - 1, column - 1];
      }),
    );
    return new PositionMap(mappings, this.exact);
  }

  /** This map as a standard source map. */
  toSourceMap(file: string, source: string): SourceMapJson {
    return {
      version: 3,
      file,
      sources: [file],
      sourcesContent: [source],
      names: [],
      mappings: encode(this.mappings),
    };
  }
}
