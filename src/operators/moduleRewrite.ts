/** @file The rewrite of a whole module, for bundlers: operators and line markers; names stay as they are. */
import type { AnyNode } from "acorn";
import { parseSource } from "./parse.js";
import type { PositionMap, SourceMapJson } from "./positions.js";
import { freshNames, newFrame, Rewriter } from "./rewriter.js";

/** How to rewrite a module. */
export interface RewriteOptions {
  /** The file's name, as line markers and the source map give it. */
  readonly file?: string;
  /** The module that the rewritten code imports its helper from. */
  readonly helper?: string;
  /** Whether to mark the line of each statement that calls something (default true). */
  readonly lines?: boolean;
}

/** Rewritten code, without types, on the lines of its source. */
export interface RewrittenModule {
  readonly code: string;
  readonly positions: PositionMap;
  readonly map: SourceMapJson;
}

class ModuleRewriter extends Rewriter {
  write(file: string, helper: string): string {
    const frame = newFrame();
    const { operators, marker, file: fileName } = this.names;
    this.out.insert(
      `import { Operators as ${operators}class, sourceLineMarker as ${marker}get } from ${JSON.stringify(helper)}; ` +
        `const ${fileName} = ${JSON.stringify(file)}, ${operators} = new ${operators}class(${fileName}), ` +
        `${marker} = ${marker}get();`,
      0,
    );
    const declarations = this.out.slot(0);
    this.withFrame(frame, () => this.writeList(this.parsed.tree.body as AnyNode[], 0, this.code.length));
    declarations.text = ` ${this.declareTemporaries(frame)}`;
    return this.out.code();
  }
}

/**
 * Rewrites a TypeScript or JavaScript module so that arithmetic and comparisons work on tensors: types are stripped,
 * lines stay where they are. A value takes part if it has the property `Symbol.for("nabla.operators")`; numbers,
 * strings and everything else behave as ever. Throws SourceSyntaxError for source that does not parse.
 *
 * @example rewrite("export const area = (r) => 3 * r ** 2;").code.includes("pow") // true
 */
export function rewrite(source: string, options: RewriteOptions = {}): RewrittenModule {
  const { file = "module.ts", helper = "nabla/operators", lines = true } = options;
  const parsed = parseSource(source.replace(/^#!/, "//"));
  const writer = new ModuleRewriter(parsed, freshNames(source), { marksLines: lines, guards: false });
  const code = writer.write(file, helper);
  const positions = writer.out.positions().after(parsed.positions);
  return { code, positions, map: positions.toSourceMap(file, source) };
}
