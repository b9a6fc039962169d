/** @file What was run in this session. */
import type { Content } from "./messages.js";

interface Entry {
  readonly line: number;
  readonly input: string;
  readonly output: string | null;
}

/** An entry as the protocol writes it: session, line, and the input, or the input and the output. */
type Row = [session: number, line: number, text: string | [string, string | null]];

/** There is one session: nothing is kept between runs of the kernel. */
const session = 1;

const numberOr = (value: unknown, fallback: number): number => (typeof value === "number" ? value : fallback);

/** Remembers cells, and finds them again. */
export class History {
  private readonly entries: Entry[] = [];

  add(entry: Entry): void {
    this.entries.push(entry);
  }

  /** Answers a history request. */
  answer(request: Content): Row[] {
    const withOutput = request["output"] === true;
    return this.select(request).map(({ line, input, output }) => [
      session,
      line,
      withOutput ? [input, output] : input,
    ]);
  }

  private select(request: Content): Entry[] {
    switch (request["hist_access_type"]) {
      case "range":
        return this.range(request);
      case "search":
        return this.search(request);
      default:
        return this.last(this.entries, request);
    }
  }

  private last(entries: readonly Entry[], request: Content): Entry[] {
    const count = numberOr(request["n"], entries.length);
    return count <= 0 ? [] : entries.slice(-count);
  }

  /** Lines from `start` up to but not `stop`; session 0 is this one, and those before it are not kept. */
  private range(request: Content): Entry[] {
    if (![0, session].includes(numberOr(request["session"], 0))) return [];
    const start = numberOr(request["start"], 1);
    const stop = numberOr(request["stop"], Number.POSITIVE_INFINITY);
    return this.entries.filter(({ line }) => line >= start && line < stop);
  }

  private search(request: Content): Entry[] {
    const pattern = globPattern(String(request["pattern"] ?? "*"));
    const found = this.entries.filter(({ input }) => pattern.test(input));
    if (request["unique"] !== true) return this.last(found, request);
    const later = (entry: Entry, index: number): boolean =>
      found.findLastIndex(({ input }) => input === entry.input) === index;
    return this.last(found.filter(later), request);
  }
}

/** A pattern in which `*` stands for any text and `?` for one character. */
function globPattern(glob: string): RegExp {
  const escaped = glob.replace(/[.+^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`^${escaped.replace(/\*/g, "[\\s\\S]*").replace(/\?/g, "[\\s\\S]")}$`);
}
