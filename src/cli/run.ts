/** @file `nabla run`: runs a notebook in the terminal. */
import { type CellError, type CellEvent, NotebookFormatError, runNotebook } from "nabla/notebook";

/** What the command's exit codes mean. */
export const exitCodes = { success: 0, failure: 1, usage: 2, interrupted: 130 } as const;

/** The options of `nabla run`. */
export interface RunCommandOptions {
  readonly out?: string;
  readonly html?: string;
  readonly timeout?: number;
  readonly allowErrors?: boolean;
}

/** Where results go: beside the notebook if nothing else was said. */
function targets(notebook: string, { out, html }: RunCommandOptions): { out?: string; html?: string } {
  if (out !== undefined || html !== undefined) {
    return { ...(out === undefined ? {} : { out }), ...(html === undefined ? {} : { html }) };
  }
  const stem = notebook.replace(/\.ipynb$/, "");
  return { out: `${stem}.executed.ipynb`, html: `${stem}.html` };
}

/** Prints what cells send out; each on lines of its own. */
class Printer {
  private atLineStart = true;

  print(stream: NodeJS.WriteStream, text: string): void {
    if (text === "") return;
    stream.write(text);
    this.atLineStart = text.endsWith("\n");
  }

  printLine(stream: NodeJS.WriteStream, text: string): void {
    this.print(stream, `${this.atLineStart ? "" : "\n"}${text}\n`);
  }

  show(event: CellEvent): void {
    if (event.type === "stream") this.print(process[event.name], event.text);
    else if (event.type === "error") this.printLine(process.stderr, event.error.trace);
    else if (!event.update) this.printLine(process.stdout, String(event.data["text/plain"] ?? ""));
  }
}

/** The first line of a cell, short enough for one line of a terminal. */
function title(source: string): string {
  const line = source.split("\n").find((text) => text.trim() !== "") ?? "";
  return line.length > 60 ? `${line.slice(0, 59)}…` : line;
}

function describeFailure({ cell, error }: { cell: number; error: CellError }): string {
  const place = error.line === undefined ? "" : `, line ${error.line}`;
  return `Cell ${cell}${place} failed: ${error.name}: ${error.message}`;
}

/** Runs a notebook, prints its progress and output, and gives the exit code. */
export async function run(notebook: string, options: RunCommandOptions): Promise<number> {
  const files = targets(notebook, options);
  const printer = new Printer();
  const interrupt = new AbortController();
  const onInterrupt = (): void => interrupt.abort();
  process.on("SIGINT", onInterrupt);
  try {
    const { failure, interrupted } = await runNotebook(notebook, {
      ...files,
      ...(options.timeout === undefined ? {} : { timeout: options.timeout }),
      ...(options.allowErrors === undefined ? {} : { allowErrors: options.allowErrors }),
      signal: interrupt.signal,
      onCell: (index, count, source) =>
        printer.printLine(process.stderr, `[${index + 1}/${count}] ${title(source)}`),
      onEvent: (event) => printer.show(event),
    });
    if (failure !== null) printer.printLine(process.stderr, `\n${describeFailure(failure)}`);
    if (interrupted) printer.printLine(process.stderr, "\nInterrupted.");
    for (const file of Object.values(files)) printer.printLine(process.stderr, `Wrote ${file}`);
    if (interrupted) return exitCodes.interrupted;
    return failure === null ? exitCodes.success : exitCodes.failure;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (!(error instanceof NotebookFormatError) && code === undefined) throw error;
    printer.printLine(process.stderr, `nabla run: ${(error as Error).message}`);
    return exitCodes.usage;
  } finally {
    process.off("SIGINT", onInterrupt);
  }
}
