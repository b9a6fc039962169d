import type { PlotlyFigure } from "./plotly/figure.js";

interface PlotlyLibrary {
  newPlot(element: HTMLElement, data: unknown, layout: unknown, config: unknown): Promise<unknown>;
}

/** What Plotly's tool bar is reduced to. */
export const plotlyConfig = { displaylogo: false, responsive: false };

async function loadPlotly(): Promise<PlotlyLibrary> {
  const module = await import("plotly.js-gl3d-dist-min");
  return (module.default ?? module) as unknown as PlotlyLibrary;
}

/** Draws an interactive figure at the end of an element of the page. */
export async function drawInPage(figure: PlotlyFigure, parent: HTMLElement): Promise<void> {
  const plotly = await loadPlotly();
  const element = document.createElement("div");
  parent.append(element);
  await plotly.newPlot(element, figure.data, figure.layout, plotlyConfig);
}
