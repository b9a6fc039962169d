/** @file All that can be done with a notebook, by name: the bar's buttons and the keys both come from here. */
import { CodeCell, MarkdownCell } from "@jupyterlab/cells";
import { type Notebook, NotebookActions } from "@jupyterlab/notebook";
import type { NotebookRunner } from "../notebook/runner.js";

/** What commands act on. */
export interface CommandTarget {
  readonly notebook: Notebook;
  readonly runner: NotebookRunner;
}

type Action = (target: CommandTarget) => unknown;

function runSelected({ notebook, runner }: CommandTarget): void {
  const selected = notebook.widgets.filter((cell) => notebook.isSelectedOrActive(cell));
  void runner.run(selected);
}

/** Makes a cell the active one, in sight and with the keyboard's focus. */
export function activate(notebook: Notebook, index: number): void {
  notebook.activeCellIndex = index;
  notebook.deselectAll();
  notebook.mode = "command";
  notebook.activeCell?.node.scrollIntoView({ block: "nearest" });
  NotebookActions.focusActiveCell(notebook);
}

function runAndAdvance(target: CommandTarget): void {
  const { notebook } = target;
  runSelected(target);
  if (notebook.activeCellIndex === notebook.widgets.length - 1) {
    NotebookActions.insertBelow(notebook);
    notebook.mode = "edit";
  } else activate(notebook, notebook.activeCellIndex + 1);
}

const insertText = ({ notebook }: CommandTarget): void => {
  NotebookActions.insertBelow(notebook);
  NotebookActions.changeCellType(notebook, "markdown");
  notebook.mode = "edit";
};

function edit({ notebook }: CommandTarget): void {
  const cell = notebook.activeCell;
  if (cell instanceof MarkdownCell) cell.rendered = false;
  notebook.mode = "edit";
}

function leaveEditor({ notebook }: CommandTarget): void {
  notebook.mode = "command";
  NotebookActions.focusActiveCell(notebook);
}

export const actions = {
  run: runSelected,
  runAndAdvance,
  runAndInsert: (target) => {
    runSelected(target);
    NotebookActions.insertBelow(target.notebook);
    target.notebook.mode = "edit";
  },
  runAll: ({ runner }) => runner.runAll(),
  stop: ({ runner }) => runner.stop(),
  restart: ({ runner }) => runner.restart(),
  insertCode: ({ notebook }) => {
    NotebookActions.insertBelow(notebook);
    notebook.mode = "edit";
  },
  insertText,
  insertAbove: ({ notebook }) => NotebookActions.insertAbove(notebook),
  insertBelow: ({ notebook }) => NotebookActions.insertBelow(notebook),
  moveUp: ({ notebook }) => NotebookActions.moveUp(notebook),
  moveDown: ({ notebook }) => NotebookActions.moveDown(notebook),
  remove: ({ notebook }) => NotebookActions.deleteCells(notebook),
  undo: ({ notebook }) => NotebookActions.undo(notebook),
  redo: ({ notebook }) => NotebookActions.redo(notebook),
  toMarkdown: ({ notebook }) => NotebookActions.changeCellType(notebook, "markdown"),
  toCode: ({ notebook }) => NotebookActions.changeCellType(notebook, "code"),
  cut: ({ notebook }) => NotebookActions.cut(notebook),
  copy: ({ notebook }) => NotebookActions.copy(notebook),
  paste: ({ notebook }) => NotebookActions.paste(notebook),
  previous: ({ notebook }) =>
    notebook.activeCellIndex > 0 && activate(notebook, notebook.activeCellIndex - 1),
  next: ({ notebook }) =>
    notebook.activeCellIndex < notebook.widgets.length - 1 &&
    activate(notebook, notebook.activeCellIndex + 1),
  edit,
  leaveEditor,
} satisfies Record<string, Action>;

export type ActionName = keyof typeof actions;

/** Whether a cell holds code. */
export const isCode = (cell: unknown): cell is CodeCell => cell instanceof CodeCell;
