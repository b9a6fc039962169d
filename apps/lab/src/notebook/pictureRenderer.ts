/** @file Pictures, with words for those who cannot see them. */
import type { IRenderMime } from "@jupyterlab/rendermime-interfaces";
import { Widget } from "@lumino/widgets";

class RenderedPicture extends Widget implements IRenderMime.IRenderer {
  constructor(private readonly mimeType: string) {
    super();
    this.addClass("lab-Picture");
  }

  async renderModel(model: IRenderMime.IMimeModel): Promise<void> {
    const content = String(model.data[this.mimeType]);
    const image = document.createElement("img");
    // As an image an SVG can neither run scripts nor load anything.
    const isText = this.mimeType === "image/svg+xml";
    image.src = `data:${this.mimeType}${isText ? "," : ";base64,"}${isText ? encodeURIComponent(content) : content}`;
    image.alt = altOf(model);
    this.node.replaceChildren(image);
    await image.decode().catch(() => {});
  }
}

/** What is written of a picture: the text that came with it, without the marks of code. */
function altOf(model: IRenderMime.IMimeModel): string {
  const text = String(model.data["text/plain"] ?? "").replace(/^<|>$/g, "");
  return text === "" ? "Picture" : text;
}

export const pictureFactory: IRenderMime.IRendererFactory = {
  safe: true,
  mimeTypes: ["image/svg+xml", "image/png", "image/jpeg", "image/gif", "image/webp"],
  defaultRank: 10,
  createRenderer: ({ mimeType }) => new RenderedPicture(mimeType),
};
