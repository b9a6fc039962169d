/** @file What a picture shows, read back from its SVG. */

/** A drawn picture: the texts of each box by its id, and the edges as "from → to" with their texts. */
export interface Drawn {
  readonly boxes: Map<string, string[]>;
  readonly edges: { readonly from: string; readonly to: string; readonly label: string }[];
}

/** Reads the groups that Graphviz draws: each has a title, then shapes and texts. */
export function readDrawing(svg: string): Drawn {
  const boxes = new Map<string, string[]>();
  const edges: Drawn["edges"] = [];
  for (const [, kind, body] of svg.matchAll(/<g id="[^"]+" class="(node|edge)">(.*?)<\/g>/gs)) {
    const title = decode(/<title>(.*?)<\/title>/s.exec(body!)![1]!);
    const texts = [...body!.matchAll(/<text[^>]*>(.*?)<\/text>/gs)].map(([, text]) => decode(text!).trim());
    const shown = texts.filter((text) => text !== "");
    if (kind === "node") boxes.set(title, shown);
    else {
      const [from, to] = title.split("->").map((end) => end.replace(/(:\d+)?(:n)?$/, ""));
      edges.push({ from: from!, to: to!, label: shown.join(" ") });
    }
  }
  return { boxes, edges };
}

const named: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"' };

function decode(text: string): string {
  return text
    .replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)))
    .replace(/&(amp|lt|gt|quot);/g, (_, name: string) => named[name]!)
    .replaceAll("\u00a0", " ");
}
