/** @file Printed text, drawn in blocks of lines: what is added or written over costs its own block, not all of it. */
import { RenderedCommon, renderError, renderText } from "@jupyterlab/rendermime";
import type { IRenderMime } from "@jupyterlab/rendermime-interfaces";
import { styleAfter } from "../cells/terminalLine.js";

/** A block takes no further lines when it has this many characters. */
const fullBlock = 1000;

interface Block {
  readonly text: string;
  readonly node: HTMLElement;
  /** The style of terminals in which the block ends. */
  readonly style: string;
}

/** Draws the text of a block into an element. */
type DrawBlock = (host: HTMLElement, source: string) => Promise<void>;

class RenderedStream extends RenderedCommon {
  private readonly blocks: Block[] = [];
  private text = "";
  private drawing: Promise<void> | null = null;

  constructor(
    options: IRenderMime.IRendererOptions,
    private readonly drawBlock: DrawBlock,
  ) {
    super(options);
    this.addClass("jp-RenderedText");
  }

  /** Several changes in a row are drawn once. */
  override renderModel(model: IRenderMime.IMimeModel): Promise<void> {
    this.text = String(model.data[this.mimeType]);
    this.drawing ??= Promise.resolve().then(() => {
      this.drawing = null;
      return this.render();
    });
    return this.drawing;
  }

  override async render(): Promise<void> {
    const start = this.dropChanged();
    let style = this.blocks.at(-1)?.style ?? "";
    const drawn: Promise<void>[] = [];
    for (const text of inBlocks(this.text, start)) {
      const node = document.createElement("div");
      drawn.push(this.drawBlock(node, style + text));
      style = styleAfter(style, text);
      this.node.append(node);
      this.blocks.push({ text, node, style });
    }
    await Promise.all(drawn);
  }

  /** Takes away the blocks that no longer hold or are not full; gives the place where the others end. */
  private dropChanged(): number {
    let start = 0;
    let kept = 0;
    for (; kept < this.blocks.length; kept++) {
      const { text } = this.blocks[kept]!;
      const isOpen = kept === this.blocks.length - 1 && !isFull(text);
      if (isOpen || !this.text.startsWith(text, start)) break;
      start += text.length;
    }
    for (const { node } of this.blocks.splice(kept)) node.remove();
    return start;
  }
}

const isFull = (text: string): boolean => text.length >= fullBlock && text.endsWith("\n");

/** Cuts text into blocks of whole lines. */
function* inBlocks(text: string, from: number): Generator<string> {
  for (let start = from; start < text.length; ) {
    const newline = text.indexOf("\n", start + fullBlock - 1);
    const end = newline < 0 ? text.length : newline + 1;
    yield text.slice(start, end);
    start = end;
  }
}

export const stdoutFactory: IRenderMime.IRendererFactory = {
  safe: true,
  mimeTypes: ["application/vnd.jupyter.stdout"],
  defaultRank: 0,
  createRenderer: (options) => {
    const { sanitizer } = options;
    return new RenderedStream(options, (host, source) => renderText({ host, source, sanitizer }));
  },
};

/** Errors come this way too: what they name are places and files. */
export const stderrFactory: IRenderMime.IRendererFactory = {
  safe: true,
  mimeTypes: ["application/vnd.jupyter.stderr"],
  defaultRank: 0,
  createRenderer: (options) => {
    const { sanitizer, resolver, linkHandler } = options;
    const draw: DrawBlock = (host, source) => renderError({ host, source, sanitizer, resolver, linkHandler });
    return new RenderedStream(options, draw);
  },
};
