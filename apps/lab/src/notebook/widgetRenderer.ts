/** @file Outputs that are small programs of the page: see `widgets/`. */
import type { IRenderMime } from "@jupyterlab/rendermime-interfaces";
import { Widget } from "@lumino/widgets";
import { type WidgetData, widgets } from "../widgets/index.js";

const mimeType = "application/vnd.nabla.widget.v1+json";

class RenderedWidget extends Widget implements IRenderMime.IRenderer {
  private end: (() => void) | undefined;

  async renderModel(model: IRenderMime.IMimeModel): Promise<void> {
    this.end?.();
    this.node.replaceChildren();
    const data = model.data[mimeType] as unknown as WidgetData;
    const load = widgets[data.widget];
    if (load === undefined) {
      this.node.textContent = `This page has no widget named "${data.widget}".`;
      return;
    }
    const { mount } = await load();
    if (!this.isDisposed) this.end = mount(this.node, data);
  }

  override dispose(): void {
    this.end?.();
    super.dispose();
  }
}

export const widgetFactory: IRenderMime.IRendererFactory = {
  safe: true,
  mimeTypes: [mimeType],
  defaultRank: -10,
  createRenderer: () => new RenderedWidget(),
};
