/** @file The line below the bar that tells the reader what happened, and what can be done about it. */

/** Something the reader can do about a notice. */
export interface NoticeAction {
  readonly label: string;
  readonly run: () => void;
}

const host = (): HTMLElement => document.getElementById("notice")!;

export function clearNotice(): void {
  host().replaceChildren();
}

export function showNotice(text: string, ...actions: readonly NoticeAction[]): void {
  const message = document.createElement("span");
  message.textContent = text;
  host().replaceChildren(message, ...[...actions, { label: "Dismiss", run: () => {} }].map(button));
}

function button({ label, run }: NoticeAction): HTMLButtonElement {
  const element = document.createElement("button");
  element.type = "button";
  element.className = "plain";
  element.textContent = label;
  element.addEventListener("click", () => {
    clearNotice();
    run();
  });
  return element;
}
