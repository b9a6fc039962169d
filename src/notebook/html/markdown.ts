/** @file Markdown cells as HTML, with the headings found on the way. */
import createMarkdown, { type MarkdownIt, type Token } from "markdown-it";
import type { Attachments } from "../nbformat/types.js";
import { highlight } from "./highlight.js";
import { addMath, type Typeset } from "./math.js";

/** A heading of the page. */
export interface Heading {
  readonly level: number;
  readonly text: string;
  readonly id: string;
}

/** Renders markdown; keeps the headings of all that it rendered. */
export class MarkdownRenderer {
  readonly headings: Heading[] = [];
  private readonly markdown: MarkdownIt;
  private readonly ids = new Set<string>();
  private attachments: Attachments = {};

  constructor(typeset: Typeset | null) {
    this.markdown = createMarkdown({ html: true, linkify: true, highlight });
    if (typeset !== null) addMath(this.markdown, typeset);
    const { rules } = this.markdown.renderer;
    rules["heading_open"] = (tokens, index) => this.openHeading(tokens, index);
    const image = rules["image"]!;
    rules["image"] = (tokens, index, ...rest) => {
      const token = tokens[index]!;
      token.attrSet("src", this.attached(String(token.attrGet("src") ?? "")));
      return image(tokens, index, ...rest);
    };
  }

  render(source: string, attachments: Attachments = {}): string {
    this.attachments = attachments;
    return this.markdown.render(source);
  }

  private openHeading(tokens: Token[], index: number): string {
    const { tag } = tokens[index]!;
    const text = plainText(tokens[index + 1]!);
    const id = this.idFor(text);
    this.headings.push({ level: Number(tag.slice(1)), text, id });
    return `<${tag} id="${id}">`;
  }

  private idFor(text: string): string {
    const slug =
      text
        .toLowerCase()
        .match(/[\p{Letter}\p{Number}]+/gu)
        ?.join("-") ?? "section";
    let id = slug;
    for (let count = 2; this.ids.has(id); count++) id = `${slug}-${count}`;
    this.ids.add(id);
    return id;
  }

  /** The address of an image; one that came with the cell is put into the page. */
  private attached(source: string): string {
    const name = /^attachment:(.*)$/.exec(source)?.[1];
    const bundle = name === undefined ? undefined : this.attachments[decodeURIComponent(name)];
    const [type, content] = Object.entries(bundle ?? {})[0] ?? [];
    return type === undefined ? source : `data:${type};base64,${String(content).trim()}`;
  }
}

/** The words of a heading, without its markup. */
function plainText(token: Token): string {
  return (token.children ?? []).map((child) => child.content).join("");
}
