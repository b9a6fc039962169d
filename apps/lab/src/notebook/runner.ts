/** @file Runs the cells of the notebook on the page, one after the other. */
import { type Cell, CodeCell, MarkdownCell } from "@jupyterlab/cells";
import type { Notebook } from "@jupyterlab/notebook";
import { type CellError, errorOutput } from "nabla/notebook";
import type { Kernel } from "../cells/kernel.js";
import { Outputs } from "./outputs.js";

/** What the page wants to know of a run. */
export interface RunnerEvents {
  /** A cell was stopped, and all variables with it. */
  onLost(cell: CodeCell): void;
  /** A cell ended; null if all went well. */
  onEnd(cell: CodeCell, error: CellError | null): void;
}

export class NotebookRunner {
  private queue: CodeCell[] = [];
  private active: CodeCell | null = null;
  private readonly outputs = new Outputs();
  private lastRun: CodeCell | null = null;
  private executions = 0;

  constructor(
    private readonly notebook: Notebook,
    private readonly kernel: Kernel,
    private readonly events: RunnerEvents,
  ) {
    kernel.onStray = (events) => {
      const cell = this.lastRun;
      if (cell !== null && !cell.isDisposed)
        for (const event of events) this.outputs.add(cell.model.outputs, event);
    };
  }

  get isRunning(): boolean {
    return this.active !== null;
  }

  /** Runs cells after those that wait already; the first error ends the run. */
  async run(cells: readonly Cell[]): Promise<void> {
    for (const cell of cells) {
      if (cell instanceof MarkdownCell) cell.rendered = true;
      if (cell instanceof CodeCell && !this.queue.includes(cell)) this.enqueue(cell);
    }
    if (this.active === null) await this.runQueue();
  }

  runAll(): Promise<void> {
    return this.run(this.notebook.widgets);
  }

  /** Runs what stands above a cell. */
  runAbove(cell: Cell): Promise<void> {
    return this.run(this.notebook.widgets.slice(0, this.notebook.widgets.indexOf(cell)));
  }

  /** Stops the cell that runs and forgets those that wait. */
  stop(): void {
    this.forgetQueue();
    this.kernel.interrupt();
  }

  /** Begins again with no variables. */
  restart(): void {
    this.forgetQueue();
    this.executions = 0;
    this.kernel.restart();
  }

  private enqueue(cell: CodeCell): void {
    if (cell.model.sharedModel.getSource().trim() === "") {
      cell.model.outputs.clear();
      cell.model.executionCount = null;
      return;
    }
    this.queue.push(cell);
    cell.setPrompt("*");
  }

  private forgetQueue(): void {
    for (const cell of this.queue) cell.setPrompt(promptOf(cell));
    this.queue = [];
  }

  private async runQueue(): Promise<void> {
    for (let cell = this.queue.shift(); cell !== undefined; cell = this.queue.shift()) {
      if (cell.isDisposed) continue;
      this.active = cell;
      const error = await this.runCell(cell);
      this.active = null;
      this.events.onEnd(cell, error);
      if (error !== null && !raisesOnPurpose(cell)) this.forgetQueue();
    }
  }

  private async runCell(cell: CodeCell): Promise<CellError | null> {
    const count = ++this.executions;
    const { model } = cell;
    this.lastRun = cell;
    model.trusted = true;
    // Kept until there is something new, so that the page does not jump.
    model.outputs.clear(true);
    cell.addClass("lab-mod-running");
    const source = model.sharedModel.getSource();
    let isEmpty = true;
    const result = await this.kernel.execute(source, `cell[${count}]`, (events) => {
      isEmpty = false;
      for (const event of events) this.outputs.add(model.outputs, event);
    });
    cell.removeClass("lab-mod-running");
    cell.toggleClass("lab-mod-failed", !result.ok);
    model.executionCount = count;
    cell.setPrompt(promptOf(cell));
    if (!result.ok) model.outputs.add({ ...errorOutput(result.error) });
    else if (result.value !== undefined) {
      const data = result.value as never;
      model.outputs.add({ output_type: "execute_result", execution_count: count, data, metadata: {} });
    } else if (isEmpty) model.outputs.clear();
    if (!result.ok && result.lost) this.events.onLost(cell);
    return result.ok ? null : result.error;
  }
}

const promptOf = (cell: CodeCell): string => String(cell.model.executionCount ?? "");

function raisesOnPurpose(cell: CodeCell): boolean {
  const tags = cell.model.getMetadata("tags");
  return Array.isArray(tags) && tags.includes("raises-exception");
}
