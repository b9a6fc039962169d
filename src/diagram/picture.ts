/**
 * @file A picture: a graph that is drawn when someone looks at it.
 */
import type { Viz } from "@viz-js/viz";
import { NablaError, ValueError } from "../core/errors.js";
import type { Digraph } from "./graph.js";
import { font, fontFamily } from "./look.js";

let engine: Promise<Viz> | null = null;

/** Graphviz weighs half a megabyte, so it is loaded for the first picture. */
function loadGraphviz(): Promise<Viz> {
  engine ??= import("@viz-js/viz").then(({ instance }) => instance());
  return engine;
}

/**
 * A graph as a picture. It displays itself in a notebook; elsewhere `await picture.svg()` draws it and
 * `await picture.save("file.svg")` writes it.
 */
export class Picture {
  readonly #graph: Digraph;
  readonly #title: string;

  /** @param title  what the picture shows, in a few words */
  constructor(graph: Digraph, title: string) {
    this.#graph = graph;
    this.#title = title;
  }

  /** The graph in Graphviz's language, DOT. */
  dot(): string {
    return this.#graph.toString();
  }

  /** The picture as the text of an SVG element, sizes in points. */
  async svg(): Promise<string> {
    const viz = await loadGraphviz();
    const drawn = viz.renderString(this.dot(), { format: "svg" });
    // The prolog before the element is of no use inside a page.
    const element = drawn.slice(drawn.indexOf("<svg"));
    return element.replaceAll(`font-family="${font}"`, `font-family="${fontFamily}"`);
  }

  /**
   * Writes the picture to a file.
   *
   * @param path  ends in ".svg" or ".dot"
   * @throws {ValueError} another ending
   * @throws {NablaError} there are no files, as in a page
   */
  async save(path: string): Promise<void> {
    const extension = /\.(svg|dot)$/.exec(path)?.[1];
    if (extension === undefined) {
      throw new ValueError(`Picture.save: expected a path that ends in ".svg" or ".dot", got "${path}"`);
    }
    // Not imported, since bundlers for pages do not find Node's modules.
    const files = globalThis.process?.getBuiltinModule?.("node:fs").promises;
    if (files === undefined)
      throw new NablaError("Picture.save: a page cannot write files; use svg() or dot()");
    await files.writeFile(path, extension === "dot" ? this.dot() : await this.svg());
  }

  toString(): string {
    return `<Picture of ${this.#title}>`;
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }

  async [Symbol.for("Jupyter.display")](): Promise<Record<string, string>> {
    return { "image/svg+xml": await this.svg(), "text/plain": this.toString() };
  }
}
