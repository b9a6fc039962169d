/** @file The widget "optimizers": paths of optimizers on a surface, to play with. */
import type { WidgetData } from "../index.js";
import "./optimizers.css";
import { Playground } from "./playground.js";
import { settingsOf } from "./settings.js";

export function mount(element: HTMLElement, data: WidgetData): () => void {
  const playground = new Playground(settingsOf(data));
  element.append(playground.element);
  return () => playground.end();
}
