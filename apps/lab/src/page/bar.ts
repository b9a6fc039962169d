/** @file The bar at the top of the page. */
import { lessons } from "virtual:lessons";
import type { KernelState } from "../cells/kernel.js";
import type { ActionName } from "./commands.js";
import { type IconName, icon } from "./icons.js";
import { toggleTheme } from "./theme.js";

/** What the bar's buttons do. */
export interface BarEvents {
  onAction(action: ActionName): void;
  onLesson(file: string): void;
  onOpen(): void;
  onDownload(): void;
  onKeys(): void;
}

const cellButtons: readonly [IconName, ActionName, string][] = [
  ["run", "runAndAdvance", "Run cell (Shift+Enter)"],
  ["runAll", "runAll", "Run all cells"],
  ["stop", "stop", "Stop"],
  ["restart", "restart", "Restart: forget all variables"],
  ["code", "insertCode", "Add a code cell below"],
  ["text", "insertText", "Add a text cell below"],
  ["up", "moveUp", "Move the cell up"],
  ["down", "moveDown", "Move the cell down"],
  ["remove", "remove", "Delete the cell"],
];

const stateText: Readonly<Record<KernelState, string>> = {
  starting: "Starting",
  idle: "Ready",
  busy: "Running",
  ended: "Stopped",
};

function button(name: IconName, label: string, run: () => void): HTMLButtonElement {
  const element = document.createElement("button");
  element.type = "button";
  element.title = label;
  element.setAttribute("aria-label", label);
  element.append(icon(name));
  element.addEventListener("click", run);
  return element;
}

function group(label: string, ...children: readonly Node[]): HTMLElement {
  const element = document.createElement("div");
  element.role = "group";
  element.ariaLabel = label;
  element.className = `group group-${label.toLowerCase()}`;
  element.append(...children);
  return element;
}

/** The bar; it says which notebook is open, whether it is kept, and what the worker is doing. */
export class Bar {
  private readonly select = document.createElement("select");
  private readonly kept = document.createElement("span");
  private readonly state = document.createElement("span");
  private readonly buttons = new Map<ActionName, HTMLButtonElement>();

  constructor(host: HTMLElement, events: BarEvents) {
    const brand = document.createElement("span");
    brand.className = "brand";
    brand.innerHTML = '<span aria-hidden="true">∇</span> <strong>Nabla Lab</strong>';
    this.buildSelect(events);
    this.kept.className = "kept";
    this.state.className = "state";
    this.state.role = "status";
    for (const [name, action, label] of cellButtons) {
      this.buttons.set(
        action,
        button(name, label, () => events.onAction(action)),
      );
    }
    // A phone has no room for these, nor keys to press.
    const keys = button("keyboard", "Keyboard shortcuts", events.onKeys);
    for (const element of [this.buttons.get("moveUp")!, this.buttons.get("moveDown")!, keys]) {
      element.classList.add("wide");
    }
    const own = (...actions: readonly ActionName[]) => actions.map((action) => this.buttons.get(action)!);
    const tools = document.createElement("div");
    tools.role = "toolbar";
    tools.ariaLabel = "Notebook";
    tools.className = "tools";
    tools.append(
      group("Run", ...own("runAndAdvance", "runAll", "stop", "restart"), this.state),
      group("Cell", ...own("insertCode", "insertText", "moveUp", "moveDown", "remove")),
      group(
        "File",
        button("open", "Open a notebook from this computer", events.onOpen),
        button("download", "Download the notebook", events.onDownload),
        keys,
        button("theme", "Light or dark", toggleTheme),
      ),
    );
    const title = document.createElement("div");
    title.className = "title";
    title.append(brand, this.select, this.kept);
    host.append(title, tools);
    this.setState("ended");
  }

  /** Names the notebook that is open, as one of the lessons or as a file. */
  setNotebook(filename: string, lesson: string | null): void {
    document.title = `${filename} – Nabla Lab`;
    this.select.querySelector("option[data-file]")?.remove();
    if (lesson === null) {
      const option = new Option(filename, "");
      option.dataset["file"] = "";
      this.select.prepend(option);
    }
    this.select.value = lesson ?? "";
  }

  setKept(text: string): void {
    this.kept.textContent = text;
  }

  setState(state: KernelState): void {
    this.state.textContent = stateText[state];
    this.state.dataset["state"] = state;
    this.buttons.get("stop")!.disabled = state !== "busy";
  }

  private buildSelect(events: BarEvents): void {
    this.select.ariaLabel = "Notebook to open";
    for (const { file, title } of lessons) this.select.add(new Option(title, file));
    this.select.addEventListener("change", () => {
      if (this.select.value !== "") events.onLesson(this.select.value);
    });
  }
}
