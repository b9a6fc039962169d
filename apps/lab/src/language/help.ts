/** @file Help in the editors of cells: completion, documentation under the pointer, and errors of types. */
import {
  autocompletion,
  type Completion,
  type CompletionContext,
  type CompletionResult,
} from "@codemirror/autocomplete";
import { type Diagnostic, lintGutter, setDiagnostics } from "@codemirror/lint";
import type { Extension } from "@codemirror/state";
import { type EditorView, hoverTooltip, type Tooltip } from "@codemirror/view";
import { CodeCell } from "@jupyterlab/cells";
import { CodeMirrorEditor } from "@jupyterlab/codemirror";
import type { Notebook } from "@jupyterlab/notebook";
import { LanguageClient } from "./client.js";
import type { Description } from "./protocol.js";

/** Milliseconds without a change after which the types are checked. */
const pause = 400;

const iconOf: Readonly<Record<string, string>> = {
  method: "method",
  function: "function",
  "local function": "function",
  property: "property",
  getter: "property",
  const: "constant",
  let: "variable",
  var: "variable",
  "local var": "variable",
  parameter: "variable",
  class: "class",
  interface: "interface",
  type: "type",
  module: "namespace",
  alias: "namespace",
  keyword: "keyword",
  enum: "enum",
};

const viewOf = (cell: CodeCell): EditorView | null =>
  cell.editor instanceof CodeMirrorEditor ? cell.editor.editor : null;

/** The help for one page: `extension` goes into all editors, `attach` says which notebook they belong to. */
export class EditorHelp {
  readonly extension: Extension;
  private readonly client = new LanguageClient();
  private notebook: Notebook | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private isChecking = false;

  constructor() {
    this.extension = [
      autocompletion({
        override: [(context) => this.complete(context)],
        icons: true,
        maxRenderedOptions: 60,
      }),
      hoverTooltip((view, offset) => this.hover(view, offset), { hoverTime: 350 }),
      lintGutter({ hoverTime: 200 }),
    ];
  }

  /** Starts the worker; called once the page is drawn and has nothing better to do. */
  start(): void {
    this.client.start();
    this.schedule();
  }

  attach(notebook: Notebook): void {
    this.notebook = notebook;
    notebook.model!.contentChanged.connect(() => this.schedule());
    this.schedule();
  }

  /** Forgets the notebook, which is about to be closed. */
  detach(): void {
    this.notebook = null;
  }

  private schedule(): void {
    if (!this.client.isStarted) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.check(), pause);
  }

  private codeCells(): CodeCell[] {
    return (this.notebook?.widgets ?? []).filter((cell) => cell instanceof CodeCell);
  }

  private sources(): string[] {
    return this.codeCells().map((cell) => cell.model.sharedModel.getSource());
  }

  /** Marks the errors in all cells that have not changed since they were asked about. */
  private async check(): Promise<void> {
    if (this.isChecking) {
      this.schedule();
      return;
    }
    const asked = this.codeCells();
    const cells = this.sources();
    this.isChecking = true;
    const answer = await this.client.ask("check", { cells });
    this.isChecking = false;
    for (const [index, problems] of (answer ?? []).entries()) {
      const cell = asked[index]!;
      const view = cell.isDisposed ? null : viewOf(cell);
      if (view === null || view.state.doc.toString() !== cells[index]) continue;
      view.dispatch(setDiagnostics(view.state, problems as Diagnostic[]));
    }
  }

  /** Where an editor's cell stands among the code cells. */
  private position(view: EditorView): { cells: string[]; cell: number } | null {
    const cell = this.codeCells().findIndex((candidate) => viewOf(candidate) === view);
    return cell < 0 ? null : { cells: this.sources(), cell };
  }

  private async complete(context: CompletionContext): Promise<CompletionResult | null> {
    const word = context.matchBefore(/[\w$]+/);
    const afterDot = context.matchBefore(/\.[\w$]*/) !== null;
    if (!context.explicit && !afterDot && word === null) return null;
    const place = context.view === undefined ? null : this.position(context.view);
    if (place === null) return null;
    const question = { ...place, offset: context.pos };
    const answer = await this.client.ask("complete", question);
    if (answer === null || context.aborted) return null;
    const options = answer.options.map(
      ({ label, kind, sort }): Completion => ({
        label,
        type: iconOf[kind] ?? "text",
        sortText: `${sort}${label}`,
        info: () => this.explain({ ...question, label }),
      }),
    );
    return { from: answer.from, options, validFor: /^[\w$]*$/ };
  }

  private async explain(question: {
    cells: string[];
    cell: number;
    offset: number;
    label: string;
  }): Promise<HTMLElement | null> {
    const found = await this.client.ask("explain", question);
    return found === null ? null : card(found);
  }

  private async hover(view: EditorView, offset: number): Promise<Tooltip | null> {
    const place = this.position(view);
    if (place === null) return null;
    const found = await this.client.ask("describe", { ...place, offset });
    if (found === null) return null;
    return { pos: found.from, end: found.to, above: true, create: () => ({ dom: card(found) }) };
  }
}

function card({ signature, documentation }: Description): HTMLElement {
  const element = document.createElement("div");
  element.className = "lab-Help";
  const code = document.createElement("code");
  code.textContent = signature;
  element.append(code);
  if (documentation !== "") {
    const text = document.createElement("p");
    text.textContent = documentation;
    element.append(text);
  }
  return element;
}
