/** @file Figures: drawn by Plotly, so that they can be zoomed and turned, and shown as pictures while they change fast. */
import type { IRenderMime } from "@jupyterlab/rendermime-interfaces";
import { Widget } from "@lumino/widgets";
import { loadPlotly, type PlotlyFigure } from "./plotlyLibrary.js";

const mimeType = "application/vnd.plotly.v1+json";
const config = { displaylogo: false, responsive: false, modeBarButtonsToRemove: ["select2d", "lasso2d"] };

/** How long the page is left to itself after a drawing, in times that the drawing took. */
const restPerWork = 3;

/** A figure that changes again within so many milliseconds is live. */
const liveInterval = 1000;

/** Pictures of more characters, such as those of surfaces, take longer than Plotly. */
const longestPicture = 200_000;

const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

/** What is to be seen: a figure, and a picture of it if there is one. */
interface View {
  readonly figure: PlotlyFigure;
  readonly picture: string | null;
}

const sizeOf = ({ layout }: PlotlyFigure): { width: number; height: number } => ({
  width: layout?.["width"] ?? 640,
  height: layout?.["height"] ?? 480,
});

class RenderedFigure extends Widget implements IRenderMime.IRenderer {
  private readonly drawing = document.createElement("div");
  private readonly resizes = new ResizeObserver(() => this.measure());
  /** The page's width; 0 until it is known. Asking for it whenever a figure changes would lay out the page each time. */
  private available = 0;
  private size = { width: 640, height: 480 };
  private wanted: View | null = null;
  private shown: View | null = null;
  private overlay: HTMLImageElement | null = null;
  private changedAt = Number.NEGATIVE_INFINITY;
  private isLive = false;
  private settling: ReturnType<typeof setTimeout> | undefined;
  private isDrawing = false;
  private isDrawn = false;

  constructor() {
    super();
    this.addClass("lab-Figure");
    this.node.setAttribute("role", "figure");
    this.node.append(this.drawing);
    this.node.addEventListener("pointerenter", () => void this.settle());
  }

  renderModel(model: IRenderMime.IMimeModel): Promise<void> {
    const { [mimeType]: data, "image/svg+xml": picture, "text/plain": text } = model.data;
    const figure = data as unknown as PlotlyFigure;
    this.wanted = { figure, picture: typeof picture === "string" ? picture : null };
    this.node.setAttribute("aria-label", describe(figure, text));
    this.size = sizeOf(figure);
    this.shrink();
    const now = performance.now();
    this.isLive = now - this.changedAt < liveInterval;
    this.changedAt = now;
    return this.refresh();
  }

  private async refresh(): Promise<void> {
    if (this.isDrawing) return;
    this.isDrawing = true;
    await this.showLatest().finally(() => {
      this.isDrawing = false;
    });
  }

  /** Shows what is to be seen now; of figures that come faster than they can be drawn, some are left out. */
  private async showLatest(): Promise<void> {
    while (!this.isDisposed && this.wanted !== null && this.wanted !== this.shown) {
      const { wanted } = this;
      const start = performance.now();
      const { picture } = wanted;
      if (picture !== null && this.prefersPicture(picture)) await this.showPicture(picture);
      else await this.draw(wanted.figure);
      this.shown = wanted;
      await pause((performance.now() - start) * restPerWork);
    }
  }

  /** Plotly takes longer than a frame, which a figure is worth when it rests or is being looked into. */
  private prefersPicture(picture: string): boolean {
    return this.isLive && picture.length <= longestPicture && !this.node.matches(":hover");
  }

  private async showPicture(picture: string): Promise<void> {
    clearTimeout(this.settling);
    this.settling = setTimeout(() => void this.settle(), liveInterval);
    const image = new Image();
    image.src = `data:image/svg+xml,${encodeURIComponent(picture)}`;
    image.alt = "";
    await image.decode().catch(() => {});
    this.overlay?.remove();
    this.overlay = image;
    this.shrink();
    this.node.append(image);
  }

  private async draw({ data, layout }: PlotlyFigure): Promise<void> {
    const plotly = await loadPlotly();
    if (this.isDisposed) return;
    this.isDrawn = true;
    const fixed = { ...layout, ...sizeOf({ data, layout }), autosize: false };
    await plotly.react(this.drawing, data, fixed, config);
    this.overlay?.remove();
    this.overlay = null;
  }

  /** Puts the figure itself in the place of its picture. */
  private async settle(): Promise<void> {
    clearTimeout(this.settling);
    if (this.overlay === null) return;
    this.isLive = false;
    this.shown = null;
    await this.refresh();
  }

  protected override onAfterAttach(): void {
    this.resizes.observe(this.node.parentElement!);
  }

  protected override onBeforeDetach(): void {
    this.resizes.disconnect();
  }

  override dispose(): void {
    this.resizes.disconnect();
    clearTimeout(this.settling);
    if (this.isDrawn) void loadPlotly().then((plotly) => plotly.purge(this.drawing));
    super.dispose();
  }

  private measure(): void {
    this.available = this.node.parentElement?.clientWidth ?? 0;
    this.shrink();
  }

  /** Shrinks the figure to a narrower page as a whole, as a picture: its parts keep their places. */
  private shrink(): void {
    const { width, height } = this.size;
    const scale = Math.min(1, (this.available || width) / width);
    this.drawing.style.transform = scale === 1 ? "" : `scale(${scale})`;
    for (const element of this.overlay === null ? [this.node] : [this.node, this.overlay]) {
      element.style.width = `${width * scale}px`;
      element.style.height = `${height * scale}px`;
    }
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
