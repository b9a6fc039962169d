/**
 * @file Widgets: displays of the type "application/vnd.nabla.widget.v1+json" that run in the page. A cell shows one with
 * `display.bundle({ "application/vnd.nabla.widget.v1+json": { widget: "name", … }, "image/svg+xml": … })`; every other
 * viewer shows the picture.
 */

/** What a cell gives a widget: its name, and whatever the widget wants to know. */
export interface WidgetData {
  readonly widget: string;
  readonly [setting: string]: unknown;
}

/** A widget's module. */
export interface WidgetModule {
  /** Draws the widget in an element; the function it may return is called when the widget is taken away. */
  mount(element: HTMLElement, data: WidgetData): (() => void) | undefined;
}

/** Each widget's module by name, loaded when it is first shown. */
export const widgets: Readonly<Record<string, (() => Promise<WidgetModule>) | undefined>> = {
  optimizers: () => import("./optimizers/index.js"),
};
