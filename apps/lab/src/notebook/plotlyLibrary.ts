/** @file What the page uses of Plotly, which is loaded for the first figure. */

/** A figure as Plotly takes it. */
export interface PlotlyFigure {
  readonly data: readonly object[];
  readonly layout?: Readonly<Record<string, any>>;
}

interface PlotlyLibrary {
  react(element: HTMLElement, data: readonly object[], layout: object, config: object): Promise<unknown>;
  purge(element: HTMLElement): void;
}

export declare const plotly: PlotlyLibrary;

let library: Promise<PlotlyLibrary> | null = null;

export function loadPlotly(): Promise<PlotlyLibrary> {
  library ??= import("plotly.js-gl3d-dist-min").then(
    (module) => module.default,
    (error: unknown) => {
      library = null;
      throw error;
    },
  );
  return library;
}
