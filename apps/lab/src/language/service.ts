/** @file Answers questions about the types in cells. */
import ts from "typescript";
import { operatorDeclarations } from "./operators.js";
import type { Completion, Description, Problem, Questions } from "./protocol.js";
import { type TypedCell, typeCell, type Visible } from "./typedCell.js";

/** Declarations by path, and the path of each of the package's doors. */
export interface Declarations {
  readonly doors: Readonly<Record<string, string>>;
  readonly files: Readonly<Record<string, string>>;
}

const options: ts.CompilerOptions = {
  target: ts.ScriptTarget.ESNext,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  lib: ["lib.es2023.d.ts", "lib.esnext.disposable.d.ts", "lib.webworker.d.ts"],
  types: [],
  strict: true,
  // A lesson's first functions have no types yet.
  noImplicitAny: false,
  skipLibCheck: true,
  skipDefaultLibCheck: true,
  noEmit: true,
  allowJs: false,
};

const operatorFile = "/cells/operators.d.ts";
const pathOf = (index: number): string => `/cells/cell${index + 1}.ts`;

type Position = { readonly cells: readonly string[]; readonly cell: number; readonly offset: number };

/** The language service of TypeScript on the cells of one notebook. */
export class CellTypes {
  private cells: readonly TypedCell[] = [];
  private sources: readonly string[] = [];
  private readonly versions = new Map<string, { text: string; version: number }>();
  private readonly service: ts.LanguageService;

  constructor(private readonly declarations: Declarations) {
    this.service = ts.createLanguageService(this.host(), ts.createDocumentRegistry());
  }

  check({ cells }: Questions["check"]["ask"]): Problem[][] {
    this.update(cells);
    return this.cells.map(({ mapped }, index) => {
      const path = pathOf(index);
      const syntactic = this.service.getSyntacticDiagnostics(path);
      // What does not parse has no types worth a message.
      const found = syntactic.length > 0 ? syntactic : this.service.getSemanticDiagnostics(path);
      return found.flatMap((diagnostic) => {
        const { start = 0, length = 0, category } = diagnostic;
        const range = mapped.original({ start, end: start + length });
        if (range === null) return [];
        const message = readable(ts.flattenDiagnosticMessageText(diagnostic.messageText, "\n"));
        const severity = category === ts.DiagnosticCategory.Error ? "error" : "warning";
        return [{ from: range.start, to: range.end, severity, message } as const];
      });
    });
  }

  complete({ cells, cell, offset }: Position): Questions["complete"]["answer"] {
    this.update(cells);
    const { mapped } = this.cells[cell]!;
    const found = this.service.getCompletionsAtPosition(pathOf(cell), mapped.generated(offset), {
      includeCompletionsForModuleExports: false,
      includeCompletionsWithInsertText: false,
    });
    if (found === undefined) return null;
    const options = found.entries
      .filter(({ name, kind }) => !name.startsWith("$nabla") && kind !== ts.ScriptElementKind.warning)
      .map(({ name, kind, sortText }): Completion => ({ label: name, kind, sort: sortText }));
    const word = /[\w$]*$/.exec(cells[cell]!.slice(0, offset))![0];
    return { from: offset - word.length, options };
  }

  describe({ cells, cell, offset }: Position): Description | null {
    this.update(cells);
    const { mapped } = this.cells[cell]!;
    const info = this.service.getQuickInfoAtPosition(pathOf(cell), mapped.generated(offset));
    if (info === undefined) return null;
    const { start, length } = info.textSpan;
    const range = mapped.original({ start, end: start + length });
    return range === null ? null : description(range, info.displayParts, info.documentation, info.tags);
  }

  explain({ cells, cell, offset, label }: Questions["explain"]["ask"]): Description | null {
    this.update(cells);
    const place = this.cells[cell]!.mapped.generated(offset);
    const found = this.service.getCompletionEntryDetails(
      pathOf(cell),
      place,
      label,
      {},
      undefined,
      {},
      undefined,
    );
    if (found === undefined) return null;
    return description({ start: offset, end: offset }, found.displayParts, found.documentation, found.tags);
  }

  /** Makes the typed form of all cells; the language service looks again only at those that differ. */
  private update(sources: readonly string[]): void {
    if (
      sources.length === this.sources.length &&
      sources.every((text, index) => text === this.sources[index])
    )
      return;
    const visible = new Map<string, Visible extends ReadonlyMap<string, infer Item> ? Item : never>();
    this.sources = sources;
    this.cells = sources.map((source, index) => {
      const cell = typeCell(source, visible);
      for (const [name, item] of cell.declared) visible.set(name, { ...item, file: `cell${index + 1}` });
      this.setText(pathOf(index), cell.mapped.text);
      return cell;
    });
  }

  private setText(path: string, text: string): void {
    const known = this.versions.get(path);
    if (known?.text !== text) this.versions.set(path, { text, version: (known?.version ?? 0) + 1 });
  }

  private textOf(path: string): string | undefined {
    if (path === operatorFile) return operatorDeclarations;
    return this.versions.get(path)?.text ?? this.declarations.files[path];
  }

  private host(): ts.LanguageServiceHost {
    return {
      getCompilationSettings: () => options,
      getScriptFileNames: () => [operatorFile, ...this.cells.map((_, index) => pathOf(index))],
      getScriptVersion: (path) => String(this.versions.get(path)?.version ?? 0),
      getScriptSnapshot: (path) => {
        const text = this.textOf(path);
        return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
      },
      getCurrentDirectory: () => "/cells",
      getDefaultLibFileName: () => "/lib/lib.es2023.d.ts",
      fileExists: (path) => this.textOf(path) !== undefined,
      readFile: (path) => this.textOf(path),
      directoryExists: () => true,
      getDirectories: () => [],
      resolveModuleNameLiterals: (literals, containing) =>
        literals.map(({ text }) => ({ resolvedModule: this.resolve(text, containing) })),
    };
  }

  private resolve(specifier: string, containing: string): ts.ResolvedModuleFull | undefined {
    const door = this.declarations.doors[specifier];
    const path = door ?? new URL(specifier, `file://${containing}`).pathname.replace(/\.js$/, "");
    const found = [path, `${path}.d.ts`, `${path}.ts`].find(
      (candidate) => this.textOf(candidate) !== undefined,
    );
    if (found === undefined) return undefined;
    const extension = found.endsWith(".d.ts") ? ts.Extension.Dts : ts.Extension.Ts;
    return { resolvedFileName: found, extension, isExternalLibraryImport: door !== undefined };
  }
}

/** The compiler's words for operators, in those of someone who wrote one. */
function readable(message: string): string {
  return message.replace(
    /^Argument of type '(.+)' is not assignable to parameter of type 'Arithmetic'\.[\s\S]*/,
    "Operators take numbers, tensors and variables, not '$1'.",
  );
}

function description(
  { start, end }: { start: number; end: number },
  parts: readonly ts.SymbolDisplayPart[] = [],
  documentation: readonly ts.SymbolDisplayPart[] = [],
  tags: readonly ts.JSDocTagInfo[] = [],
): Description {
  const lines = tags.map(({ name, text }) => `@${name} ${ts.displayPartsToString([...(text ?? [])])}`);
  return {
    from: start,
    to: end,
    signature: ts.displayPartsToString([...parts]),
    documentation: [ts.displayPartsToString([...documentation]), ...lines].filter(Boolean).join("\n\n"),
  };
}
