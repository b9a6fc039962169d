/**
 * @file A graph as Graphviz reads it: nodes, edges and groups, written as DOT.
 */

/** Attributes by their Graphviz names. */
export type DotAttributes = Readonly<Record<string, string | number | boolean>>;

/** A label in Graphviz's HTML, which is written between angle brackets instead of quotes. */
export class HtmlLabel {
  constructor(readonly html: string) {}
}

type NodeAttributes = Readonly<Record<string, string | number | boolean | HtmlLabel>>;

/** A graph under construction. Nodes are drawn in the order in which they were added. */
export class Digraph {
  readonly #lines: string[] = [];
  #depth = 1;

  /** @param attributes of the graph; `node` and `edge` hold the defaults of all nodes and edges */
  constructor(attributes: DotAttributes, defaults: { node: DotAttributes; edge: DotAttributes }) {
    this.#line(`graph ${bracketed(attributes)}`);
    this.#line(`node ${bracketed(defaults.node)}`);
    this.#line(`edge ${bracketed(defaults.edge)}`);
  }

  node(id: string, attributes: NodeAttributes): void {
    this.#line(`${quoted(id)} ${bracketed(attributes)}`);
  }

  /** @param port  the cell of the target's table where the edge ends, from above */
  edge(from: string, to: string, attributes: NodeAttributes = {}, port?: string): void {
    const end = port === undefined ? quoted(to) : `${quoted(to)}:${quoted(port)}:n`;
    this.#line(`${quoted(from)} -> ${end} ${bracketed(attributes)}`);
  }

  /** What `fill` adds stands in a box of its own. */
  cluster(id: string, attributes: DotAttributes, fill: () => void): void {
    this.#line(`subgraph ${quoted(`cluster ${id}`)} {`);
    this.#depth++;
    this.#line(`graph ${bracketed(attributes)}`);
    fill();
    this.#depth--;
    this.#line("}");
  }

  toString(): string {
    return `digraph {\n${this.#lines.join("\n")}\n}\n`;
  }

  #line(text: string): void {
    this.#lines.push("  ".repeat(this.#depth) + text);
  }
}

/** Text for use inside an HTML label. */
export const escapeHtml = (text: string): string =>
  text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);

const quoted = (text: string): string => `"${text.replace(/[\\"]/g, "\\$&").replace(/\n/g, "\\n")}"`;

function bracketed(attributes: NodeAttributes): string {
  const list = Object.entries(attributes).map(([name, value]) => {
    return `${name}=${value instanceof HtmlLabel ? `<${value.html}>` : quoted(String(value))}`;
  });
  return `[${list.join(", ")}]`;
}
