/** @file Figures: drawn by Plotly, so that they can be zoomed and turned. */
import type { IRenderMime } from "@jupyterlab/rendermime-interfaces";
import { Widget } from "@lumino/widgets";
import { loadPlotly, type PlotlyFigure } from "./plotlyLibrary.js";

const mimeType = "application/vnd.plotly.v1+json";
const config = { displaylogo: false, responsive: false, modeBarButtonsToRemove: ["select2d", "lasso2d"] };

/** How long the page is left to itself after a drawing, in times that the drawing took. */
const restPerWork = 3;

const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

const sizeOf = ({ layout }: PlotlyFigure): { width: number; height: number } => ({
  width: layout?.["width"] ?? 640,
  height: layout?.["height"] ?? 480,
});

class RenderedFigure extends Widget implements IRenderMime.IRenderer {
  private readonly drawing = document.createElement("div");
  private readonly resizes = new ResizeObserver(() => this.shrink());
  private size = { width: 640, height: 480 };
  private figure: PlotlyFigure | null = null;
  private drawn: PlotlyFigure | null = null;
  private isDrawing = false;

  constructor() {
    super();
    this.addClass("lab-Figure");
    this.node.setAttribute("role", "figure");
    this.node.append(this.drawing);
  }

  async renderModel(model: IRenderMime.IMimeModel): Promise<void> {
    const figure = model.data[mimeType] as unknown as PlotlyFigure;
    this.figure = figure;
    this.node.setAttribute("aria-label", describe(figure, model.data["text/plain"]));
    this.size = sizeOf(figure);
    this.shrink();
    if (this.isDrawing) return;
    this.isDrawing = true;
    await this.drawLatest().finally(() => {
      this.isDrawing = false;
    });
  }

  /** Draws what is to be seen now; of figures that come faster than they can be drawn, some are left out. */
  private async drawLatest(): Promise<void> {
    const plotly = await loadPlotly();
    while (!this.isDisposed && this.figure !== null && this.figure !== this.drawn) {
      const { figure } = this;
      const start = performance.now();
      const layout = { ...figure.layout, ...sizeOf(figure), autosize: false };
      await plotly.react(this.drawing, figure.data, layout, config);
      this.drawn = figure;
      await pause((performance.now() - start) * restPerWork);
    }
  }

  protected override onAfterAttach(): void {
    this.resizes.observe(this.node.parentElement!);
  }

  protected override onBeforeDetach(): void {
    this.resizes.disconnect();
  }

  override dispose(): void {
    this.resizes.disconnect();
    if (this.drawn !== null) void loadPlotly().then((plotly) => plotly.purge(this.drawing));
    super.dispose();
  }

  /** Shrinks the figure to a narrower page as a whole, as a picture: its parts keep their places. */
  private shrink(): void {
    const { width, height } = this.size;
    const available = this.node.parentElement?.clientWidth || width;
    const scale = Math.min(1, available / width);
    this.drawing.style.transform = scale === 1 ? "" : `scale(${scale})`;
    this.node.style.width = `${width * scale}px`;
    this.node.style.height = `${height * scale}px`;
  }
}

/** What a figure shows, for those who cannot see it. */
function describe({ data, layout }: PlotlyFigure, text: unknown): string {
  const title = layout?.["title"]?.text ?? layout?.["title"];
  const kinds = new Set(data.map((trace) => (trace as { type?: string }).type ?? "scatter"));
  const named = typeof title === "string" && title !== "" ? `: ${title}` : "";
  return `Figure${named} (${[...kinds].join(", ") || String(text ?? "empty")})`;
}

export const plotlyFactory: IRenderMime.IRendererFactory = {
  safe: true,
  mimeTypes: [mimeType],
  defaultRank: 0,
  createRenderer: () => new RenderedFigure(),
};
