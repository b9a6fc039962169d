/** @file The line that is being written, as a terminal has it: progress bars go back on it and write over what is there. */

/** Colours and weights of text, as terminals are told of them. */
const escapeCode = "\x1b";
const instruction = new RegExp(`${escapeCode}\\[[\\d;]*m`);
const instructions = new RegExp(instruction, "g");
const reset = new RegExp(`^${escapeCode}\\[0*m$`);
const tokens = new RegExp(`${instruction.source}|[^]`, "gu");
const overwriting = /[\b\r]/;

/** The style after another instruction; of equal ones the last counts. */
const told = (style: string, next: string): string =>
  reset.test(next) ? "" : style.replace(next, "") + next;

/** The style in which a text ends that began in one. */
export const styleAfter = (style: string, text: string): string =>
  (text.match(instructions) ?? []).reduce(told, style);

const change = (from: string, to: string): string =>
  from === to ? "" : `${from === "" ? "" : `${escapeCode}[0m`}${to}`;

/** One line and the place on it where the next character goes. */
export class TerminalLine {
  private characters: string[] = [];
  private styles: string[] = [];
  private column = 0;
  private pen = "";
  private penAtStart = "";
  private shown = "";

  /** The line as it reads now, with its styles. */
  get text(): string {
    return this.shown;
  }

  /** Writes text, and gives the lines that it finished. */
  write(text: string): string {
    const plain = text.replaceAll("\r\n", "\n");
    // Most text is whole lines: they pass as they are.
    const end = this.characters.length > 0 || overwriting.test(plain) ? 0 : plain.lastIndexOf("\n") + 1;
    let finished = plain.slice(0, end);
    if (end > 0) this.penAtStart = this.pen = styleAfter(this.pen, finished);
    for (const [token] of plain.slice(end).matchAll(tokens)) {
      if (token === "\n") finished += this.finish();
      else this.put(token);
    }
    this.shown = this.toString();
    return finished;
  }

  private put(token: string): void {
    if (token === "\r") this.column = 0;
    else if (token === "\b") this.takeBack();
    else if (instruction.test(token)) this.pen = told(this.pen, token);
    else {
      this.characters[this.column] = token;
      this.styles[this.column++] = this.pen;
    }
  }

  /** Notebooks take a character away where terminals would only step back. */
  private takeBack(): void {
    if (this.column === 0) return;
    this.column--;
    this.characters.splice(this.column, 1);
    this.styles.splice(this.column, 1);
  }

  private finish(): string {
    const line = this.toString();
    this.characters = [];
    this.styles = [];
    this.column = 0;
    this.penAtStart = this.pen;
    return `${line}\n`;
  }

  private toString(): string {
    let pen = this.penAtStart;
    let text = "";
    for (const [index, character] of this.characters.entries()) {
      text += change(pen, this.styles[index]!) + character;
      pen = this.styles[index]!;
    }
    return text + change(pen, this.pen);
  }
}
