/** @file The outputs of a cell, collected as they come. */
import type { CellError, CellEvent } from "../executor.js";
import { TerminalText } from "./terminalText.js";
import type { DisplayOutput, ErrorOutput, Output, StreamOutput } from "./types.js";

/** An error as an output. */
export function errorOutput({ name, message, trace }: CellError): ErrorOutput {
  return { output_type: "error", ename: name, evalue: message, traceback: trace.split("\n") };
}

/** What is on display under an id, in whichever cells. */
export type DisplayRegistry = Map<string, DisplayOutput[]>;

/**
 * Collects a cell's outputs: text of one stream in a row becomes one output, as a terminal would leave it, and
 * displays can be replaced.
 */
export class OutputCollector {
  private text: { output: StreamOutput; terminal: TerminalText } | null = null;

  constructor(
    private readonly outputs: Output[],
    private readonly displays: DisplayRegistry,
  ) {}

  /** Takes what a cell sent out. */
  add(event: CellEvent): void {
    if (event.type === "stream") {
      this.addText(event.name, event.text);
      return;
    }
    if (event.type === "error") {
      this.push(errorOutput(event.error));
      return;
    }
    const shown = event.displayId === undefined ? undefined : this.displays.get(event.displayId);
    if (event.update && shown !== undefined) for (const output of shown) output.data = event.data;
    if (event.update) return;
    const output: DisplayOutput = { output_type: "display_data", data: event.data, metadata: {} };
    if (event.displayId !== undefined) this.displays.set(event.displayId, [...(shown ?? []), output]);
    this.push(output);
  }

  /** Adds an output that ends the text before it. */
  push(output: Output): void {
    this.text = null;
    this.outputs.push(output);
  }

  private addText(name: "stdout" | "stderr", text: string): void {
    if (this.text?.output.name !== name) {
      const output: StreamOutput = { output_type: "stream", name, text: "" };
      this.push(output);
      this.text = { output, terminal: new TerminalText() };
    }
    this.text!.terminal.write(text);
    this.text!.output.text = this.text!.terminal.toString();
  }
}
