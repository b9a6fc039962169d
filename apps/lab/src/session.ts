/** @file One notebook open on the page: its view, the worker that runs its cells, and what keeps its edits. */
import type { Extension } from "@codemirror/state";
import type { CodeCell } from "@jupyterlab/cells";
import type { Notebook } from "@jupyterlab/notebook";
import { Widget } from "@lumino/widgets";
import { parseNotebook, readNotebook, stringifyNotebook } from "nabla/notebook";
import { Kernel, type KernelState } from "./cells/kernel.js";
import { EditKeeper, keptText } from "./documents/edits.js";
import { KeptText } from "./documents/keptText.js";
import type { OpenedDocument } from "./documents/open.js";
import { nameCells } from "./notebook/labels.js";
import { NotebookRunner } from "./notebook/runner.js";
import { createView } from "./notebook/view.js";
import { activate } from "./page/commands.js";

/** What the page wants to know. */
export interface SessionEvents {
  onState(state: KernelState): void;
  /** The notebook was kept, or could not be. */
  onKept(error: Error | null): void;
  /** A cell had to be stopped at the price of all variables. */
  onLost(cell: CodeCell): void;
}

export class Session {
  readonly notebook: Notebook;
  readonly runner: NotebookRunner;
  private readonly kernel: Kernel;
  private readonly keeper: EditKeeper;

  private constructor(
    readonly opened: OpenedDocument,
    text: string | undefined,
    host: HTMLElement,
    extension: Extension,
    events: SessionEvents,
  ) {
    const content = text === undefined ? opened.content : parseNotebook(text);
    this.notebook = createView(content, opened.address, extension);
    this.kernel = new Kernel(opened.filename, opened.address);
    this.kernel.onState = events.onState;
    const kept = new KeptText();
    this.keeper = new EditKeeper(opened.key, () => kept.of(this.notebook.model!), events.onKept);
    this.runner = new NotebookRunner(this.notebook, this.kernel, {
      onLost: events.onLost,
      onEnd: () => void this.keeper.keep(),
    });
    host.replaceChildren();
    Widget.attach(this.notebook, host);
    nameCells(this.notebook);
    this.notebook.model!.contentChanged.connect(() => this.keeper.touch());
    activate(this.notebook, 0);
    this.kernel.start();
  }

  /** Opens a notebook, with the edits that this browser has kept of it. */
  static async open(
    opened: OpenedDocument,
    host: HTMLElement,
    extension: Extension,
    events: SessionEvents,
  ): Promise<{ session: Session; restored: boolean }> {
    // A browser may keep nothing at all, such as in a private window.
    const text = await keptText(opened.key).catch(() => undefined);
    const session = new Session(opened, text, host, extension, events);
    return { session, restored: text !== undefined };
  }

  /** Whether cells cannot run yet. */
  get isStarting(): boolean {
    return this.kernel.state === "starting";
  }

  /** The notebook as the text of an .ipynb file. */
  text(): string {
    return stringifyNotebook(readNotebook(this.notebook.model!.toJSON()));
  }

  /** Keeps the edits now. */
  keep(): Promise<void> {
    return this.keeper.keep();
  }

  close(): void {
    this.keeper.close();
    this.kernel.end();
    this.notebook.model?.dispose();
    this.notebook.dispose();
  }
}
