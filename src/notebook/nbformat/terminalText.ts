/** @file Text as a terminal would leave it: carriage returns and backspaces overwrite. */

/**
 * Text that is written piece by piece. A carriage return goes back to the start of the line, so that what follows
 * overwrites it character by character; a backspace goes back by one.
 */
export class TerminalText {
  private finished = "";
  private line: string[] = [];
  private cursor = 0;

  /** Writes more text. */
  write(text: string): void {
    for (const part of text.split(/(\n|\r|[\b])/)) {
      if (part === "\n") this.endLine();
      else if (part === "\r") this.cursor = 0;
      else if (part === "\b") this.cursor = Math.max(0, this.cursor - 1);
      else this.overwrite(part);
    }
  }

  /** What can be read now. */
  toString(): string {
    return this.finished + this.line.join("");
  }

  private endLine(): void {
    this.finished += `${this.line.join("")}\n`;
    this.line = [];
    this.cursor = 0;
  }

  private overwrite(text: string): void {
    for (const character of text) this.line[this.cursor++] = character;
  }
}
