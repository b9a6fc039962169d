/** @file The list of keys, as a dialog. */
import { shortcuts } from "./shortcuts.js";

const isMac = /Mac|iPhone|iPad/.test(navigator.userAgent);

function keyText(keys: readonly string[]): string {
  return keys.map((key) => key.replace("Accel", isMac ? "⌘" : "Ctrl").replace(" ", "+")).join(" ");
}

export function showKeys(): void {
  const dialog = document.createElement("dialog");
  dialog.setAttribute("aria-labelledby", "keys-title");
  const title = document.createElement("h2");
  title.id = "keys-title";
  title.textContent = "Keyboard";
  const list = document.createElement("dl");
  for (const { keys, help } of shortcuts) {
    const key = document.createElement("dt");
    const name = document.createElement("kbd");
    name.textContent = keyText(keys);
    key.append(name);
    const text = document.createElement("dd");
    text.textContent = help;
    list.append(key, text);
  }
  const close = document.createElement("button");
  close.type = "button";
  close.className = "plain";
  close.textContent = "Close";
  close.addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => dialog.remove());
  dialog.append(title, list, close);
  document.body.append(dialog);
  dialog.showModal();
}
