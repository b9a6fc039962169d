/** @file Stack traces as the reader of a notebook needs them: places in cells as written, no frames of ours. */
import type { Position, PositionMap } from "nabla/operators";

/** A cell that has run: its source, and where its code came from. */
export interface ExecutedCell {
  readonly source: string;
  readonly positions: PositionMap;
}

/** A place in a cell. */
export interface CellPlace extends Position {
  readonly script: string;
}

/** Shared names as the engine's messages spell them, such as `(0 , $_scope.f)`. */
const sharedNames = /\(0 ?, ?\$_+scope\.([\w$]+)\)|\$_+scope\./g;

/** An error's message with the names that its reader wrote. */
export function cleanMessage(message: string): string {
  return message.replace(sharedNames, "$1");
}

/** A script name as a source URL may be: without spaces. */
export function oneWord(name: string): string {
  return name.replace(/\s/g, "%20");
}

const isFrame = (line: string): boolean => /^\s+at /.test(line) || /^[^\s@]*@.+:\d+:\d+$/.test(line);
const isInternal = (line: string): boolean => /\(?node:/.test(line);

const escapeForRegExp = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

/** Our own folder as frames name it, as an address and as a path; null where our files are in a bundle. */
const ownFolder = /^(?:file:\/\/)?(.*\/)notebook\/trace\.[jt]s/.exec(import.meta.url)?.[1] ?? null;

const isNative = (frame: string): boolean => frame.endsWith("(<anonymous>)");

/** Tells frames of ours from those of the reader. */
class OwnFrames {
  /** `bundle` is how the addresses of our code begin where it is in a bundle; null where it is not. */
  constructor(private readonly bundle: string | null) {}

  /** Of frames of ours in a row, the last: the function that the reader called, without what it is made of. */
  withoutInnards(frames: readonly string[]): string[] {
    const kept = frames.filter((frame) => !this.isHelper(frame));
    return kept.filter((frame, index) => {
      const caller = kept.slice(index + 1).find((other) => !isNative(other)) ?? "";
      return !((this.isOwn(frame) || isNative(frame)) && this.isOwn(caller));
    });
  }

  /** A frame without its place in a bundle, which says nothing to anyone. */
  shorten(frame: string): string {
    if (this.bundle === null || !this.isOwn(frame)) return frame;
    return frame.replace(/\(?[^\s(]+:\d+:\d+\)?$/, "(nabla)");
  }

  private isOwn(frame: string): boolean {
    const start = this.bundle ?? ownFolder;
    return start !== null && frame.includes(start);
  }

  /** What a rewritten cell calls where its reader wrote no call: in a bundle it is known by name alone. */
  private isHelper(frame: string): boolean {
    const pattern =
      this.bundle === null
        ? /\/(?:operators\/[^/]*|notebook\/(?:environment|interrupts)\.[jt]s[^/]*)$/
        : /\bat (?:Operators|CellEnvironment|Interrupts)\./;
    return this.isOwn(frame) && pattern.test(frame);
  }
}

/** Knows the cells that have run, and finds them in text. */
export class CellTraces {
  private readonly cells = new Map<string, ExecutedCell>();
  private readonly pattern: RegExp;
  private readonly own: OwnFrames;

  /** `notebook` begins the name of every script, `bundle` the addresses of our own code if that is in a bundle. */
  constructor(
    private readonly notebook: string,
    bundle: string | null = null,
  ) {
    this.own = new OwnFrames(bundle);
    const name = escapeForRegExp(notebook);
    const encoded = escapeForRegExp(oneWord(notebook));
    this.pattern = new RegExp(`(?:${name}|${encoded})(?: |%20)(\\S+?):(\\d+):(\\d+)`, "g");
  }

  /** The script name of a cell. */
  scriptName(cell: string): string {
    return `${this.notebook} ${cell}`;
  }

  add(script: string, cell: ExecutedCell): void {
    this.cells.set(script, cell);
  }

  /** Corrects the places in cells that a text names, and drops the frames below the cell from its stack traces. */
  clean(text: string): string {
    if (!this.namesCell(text)) return text;
    const lines = cleanMessage(text).split("\n");
    const kept: string[] = [];
    for (let start = 0; start < lines.length; ) {
      let end = start;
      while (end < lines.length && isFrame(lines[end]!)) end++;
      if (end === start) kept.push(this.correct(lines[start++]!));
      else {
        kept.push(...this.trim(lines.slice(start, end)).map((line) => this.correct(line)));
        start = end;
      }
    }
    return kept.join("\n");
  }

  /** The frames of an error that its reader can use; none if no cell is among them. */
  framesOf(error: Error): string[] {
    const frames = (error.stack ?? "").split("\n").filter(isFrame);
    return frames.some((frame) => this.namesCell(frame))
      ? this.own.withoutInnards(this.trim(frames)).map((frame) => this.correct(frame).trim())
      : [];
  }

  /** The first place in a cell that a frame names. */
  placeIn(frame: string): CellPlace | undefined {
    this.pattern.lastIndex = 0;
    const match = this.pattern.exec(frame);
    if (match === null) return undefined;
    return { script: this.scriptName(match[1]!), line: Number(match[2]), column: Number(match[3]) };
  }

  /** A line of a cell with a caret under a place; empty if the cell is not known. */
  excerpt({ script, line, column }: CellPlace): string {
    const text = this.cells.get(script)?.source.split("\n")[line - 1];
    if (text === undefined) return "";
    return `${text}\n${text.slice(0, column - 1).replace(/[^\t]/g, " ")}^`;
  }

  private namesCell(line: string): boolean {
    this.pattern.lastIndex = 0;
    return this.pattern.test(line);
  }

  /** Without what lies below the last frame in a cell, and without the engine's own frames. */
  private trim(frames: readonly string[]): string[] {
    const last = frames.findLastIndex((frame) => this.namesCell(frame));
    return last < 0 ? [...frames] : frames.slice(0, last + 1).filter((frame) => !isInternal(frame));
  }

  private correct(line: string): string {
    const corrected = line.replace(
      this.pattern,
      (whole, cell: string, lineText: string, columnText: string) => {
        const script = this.scriptName(cell);
        const executed = this.cells.get(script);
        if (executed === undefined) return whole;
        const place = executed.positions.original({ line: Number(lineText), column: Number(columnText) });
        return `${script}:${place.line}:${place.column}`;
      },
    );
    // Where cells are evaluated by `eval`, the top of a cell is called that.
    return this.own.shorten(corrected.replace(/^(\s*at )(?:async )?eval \((.*)\)$/, "$1$2"));
  }
}
