/** @file The keyboard: Jupyter's keys. */
import { CommandRegistry } from "@lumino/commands";
import { type ActionName, actions, type CommandTarget } from "./commands.js";

/** Where a key works: anywhere in the notebook, in an editor, or beside it. */
const anywhere = ".jp-Notebook";
const editing = ".jp-Notebook.jp-mod-editMode";
const commanding = ".jp-Notebook.jp-mod-commandMode:focus-within";

/** What a key does, for the page and for the list of keys. */
export interface Shortcut {
  readonly keys: readonly string[];
  readonly action: ActionName;
  readonly where: string;
  readonly help: string;
}

export const shortcuts: readonly Shortcut[] = [
  {
    keys: ["Shift Enter"],
    action: "runAndAdvance",
    where: anywhere,
    help: "Run the cell and go to the next",
  },
  { keys: ["Accel Enter"], action: "run", where: anywhere, help: "Run the cell" },
  { keys: ["Alt Enter"], action: "runAndInsert", where: anywhere, help: "Run the cell and add one below" },
  { keys: ["Escape"], action: "leaveEditor", where: editing, help: "Leave the editor" },
  { keys: ["Enter"], action: "edit", where: commanding, help: "Edit the cell" },
  { keys: ["ArrowUp"], action: "previous", where: commanding, help: "Go up" },
  { keys: ["K"], action: "previous", where: commanding, help: "Go up" },
  { keys: ["ArrowDown"], action: "next", where: commanding, help: "Go down" },
  { keys: ["J"], action: "next", where: commanding, help: "Go down" },
  { keys: ["A"], action: "insertAbove", where: commanding, help: "Add a cell above" },
  { keys: ["B"], action: "insertBelow", where: commanding, help: "Add a cell below" },
  { keys: ["M"], action: "toMarkdown", where: commanding, help: "Make it text" },
  { keys: ["Y"], action: "toCode", where: commanding, help: "Make it code" },
  { keys: ["D", "D"], action: "remove", where: commanding, help: "Delete the cell" },
  { keys: ["Z"], action: "undo", where: commanding, help: "Undo a change of cells" },
  { keys: ["Shift Z"], action: "redo", where: commanding, help: "Redo it" },
  { keys: ["X"], action: "cut", where: commanding, help: "Cut the cell" },
  { keys: ["C"], action: "copy", where: commanding, help: "Copy the cell" },
  { keys: ["V"], action: "paste", where: commanding, help: "Paste below" },
  { keys: ["I", "I"], action: "stop", where: commanding, help: "Stop what runs" },
  { keys: ["0", "0"], action: "restart", where: commanding, help: "Restart" },
];

/** Has the keys act on the notebook that is open. */
export function installShortcuts(target: () => CommandTarget | null): void {
  const commands = new CommandRegistry();
  for (const name of Object.keys(actions) as ActionName[]) {
    commands.addCommand(name, {
      execute: () => {
        const open = target();
        if (open !== null) actions[name](open);
      },
    });
  }
  for (const { keys, action, where } of shortcuts) {
    commands.addKeyBinding({ keys: [...keys], selector: where, command: action });
  }
  const onKeydown = (event: KeyboardEvent): void => {
    // Escape closes a list of completions before it leaves the editor.
    const isListOpen = document.querySelector(".cm-tooltip-autocomplete") !== null;
    if (event.key !== "Escape" || !isListOpen) commands.processKeydownEvent(event);
  };
  document.addEventListener("keydown", onKeydown, true);
  document.addEventListener("keyup", (event) => commands.processKeyupEvent(event), true);
}
