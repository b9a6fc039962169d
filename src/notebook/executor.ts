/** @file Runs cells: in Node and in browsers alike; what differs between them is given to it. */
import { Operators, rewriteCell, SourceSyntaxError, sourceLineMarker } from "nabla/operators";
import { bundleOf, type Inspect, type MimeBundle } from "./bundle.js";
import {
  afterCellKey,
  type DisplayTarget,
  display,
  displayHookKey,
  hooks,
  inspectKey,
  signalKey,
} from "./display.js";
import { CellEnvironment, type ImportModule, SharedScope } from "./environment.js";
import { CellInterrupt, createInterruptFlag, Interrupts } from "./interrupts.js";
import { type CellPlace, CellTraces, cleanMessage, oneWord } from "./trace.js";

/** Something a cell sends out while it runs. */
export type CellEvent =
  | { readonly type: "stream"; readonly name: "stdout" | "stderr"; readonly text: string }
  | {
      readonly type: "display";
      readonly data: MimeBundle;
      readonly displayId?: string;
      readonly update: boolean;
    }
  | { readonly type: "error"; readonly error: CellError };

/** An error as the reader of a notebook needs it. */
export interface CellError {
  readonly name: string;
  readonly message: string;
  /** The place in the cell that ran, from 1, where it is known. */
  readonly line?: number;
  readonly column?: number;
  /** The stack, from the inside out, down to the cell: `at f (lesson.ipynb cell[5]:3:9)`. */
  readonly frames: readonly string[];
  /** All of it as text: message, line with a caret, frames. */
  readonly trace: string;
}

/** How a cell ended. */
export type CellResult =
  | { readonly ok: true; readonly value?: MimeBundle }
  | { readonly ok: false; readonly error: CellError };

/** What an executor needs from where it runs. */
export interface CellExecutorOptions {
  /** The notebook's name, as traces show it. */
  readonly filename: string;
  readonly importModule: ImportModule;
  readonly emit: (event: CellEvent) => void;
  readonly inspect: Inspect;
  /** What `import.meta` is in cells. */
  readonly meta?: object;
  /** Evaluates an expression under a script name (default: the engine's `eval`). */
  readonly evaluate?: (code: string, script: string) => unknown;
  /**
   * A flag from `createInterruptFlag`: where it is given, loops and functions in cells look at it, and setting it from
   * another thread stops the cell. Without it `interrupt` ends only what a cell waits for.
   */
  readonly interruptFlag?: Int32Array;
  /** How the addresses of this package's own code begin, where it is bundled: traces name its functions alone. */
  readonly bundle?: string;
}

type CellFunction = (
  scope: object,
  operators: Operators,
  marker: object,
  environment: CellEnvironment,
  file: string,
  flag: Int32Array,
) => Promise<unknown>;

/** Frames that are taken down: those of the library between an error and the cell must not crowd out the cell. */
const deepestTrace = 50;

/** Evaluates in the global scope; the script name is one word, as the engine demands. */
function evaluateGlobally(code: string, script: string): unknown {
  // biome-ignore lint/security/noGlobalEval: running the reader's own code is what a notebook is for
  const evaluate = globalThis.eval;
  return evaluate(`${code}\n//# sourceURL=${oneWord(script)}`);
}

/**
 * Runs the cells of one notebook, one after the other; names declared in one are there in all that follow.
 *
 * @example
 * const executor = new CellExecutor({ filename: "a.ipynb", importModule: (name) => import(name), emit: () => {}, inspect: String });
 * await executor.execute("const x = 2");
 * (await executor.execute("x ** 3")).value["text/plain"] // 8
 */
export class CellExecutor {
  private readonly scope = new SharedScope();
  private readonly constants = new Map<string, { readonly constant: boolean }>([
    ["display", { constant: false }],
  ]);
  private readonly environment: CellEnvironment;
  private readonly traces: CellTraces;
  private readonly interrupts: Interrupts;
  private readonly marker = sourceLineMarker();
  private queue: Promise<unknown> = Promise.resolve();
  private executions = 0;
  private running = false;

  constructor(private readonly options: CellExecutorOptions) {
    this.scope["display"] = display;
    this.interrupts = new Interrupts(options.interruptFlag ?? createInterruptFlag());
    this.environment = new CellEnvironment(
      this.scope,
      options.meta ?? {},
      options.importModule,
      this.interrupts,
    );
    this.traces = new CellTraces(options.filename, options.bundle);
    hooks[inspectKey] = options.inspect;
  }

  /** Runs a cell after those before it are done. `name` is its name in traces (default `cell[n]`). */
  execute(
    source: string,
    { name = `cell[${++this.executions}]` }: { name?: string } = {},
  ): Promise<CellResult> {
    const turn = this.queue.then(() => this.run(source, this.traces.scriptName(name)));
    this.queue = turn;
    return turn;
  }

  /** The names that cells have declared, with their values as they are now. */
  get names(): Readonly<Record<string, unknown>> {
    return this.scope;
  }

  /** Stops the cell that runs: it fails with an error called "Interrupted", and what it made so far stays. */
  interrupt(): void {
    if (this.running) this.interrupts.interrupt();
  }

  /** Sends text out as the cell's output, with the places in its stack traces corrected. */
  write(name: "stdout" | "stderr", text: string): void {
    this.options.emit({ type: "stream", name, text: this.traces.clean(text) });
  }

  /** Sends out an error that nobody caught: from a timer, or a promise that was not waited for. */
  report(error: unknown): void {
    if (error instanceof CellInterrupt) return;
    this.options.emit({ type: "error", error: this.describe(error) });
  }

  private async run(source: string, script: string): Promise<CellResult> {
    const stackLimit = Error.stackTraceLimit;
    Error.stackTraceLimit = deepestTrace;
    this.running = true;
    try {
      const cell = this.compile(source, script);
      const operators = new Operators(script);
      hooks[displayHookKey] = (data, target) => this.show(data, target);
      hooks[signalKey] = this.interrupts.signal();
      this.marker.file = script;
      this.marker.line = 1;
      const { flag } = this.interrupts;
      const work = cell(this.scope, operators, this.marker, this.environment, script, flag);
      const shown = await this.interrupts.wait(this.complete(work));
      return shown === undefined ? { ok: true } : { ok: true, value: shown };
    } catch (error) {
      const described = this.describe(error, script);
      this.interrupts.clear();
      await this.interrupts.wait(this.finish()).catch(() => {});
      return { ok: false, error: described };
    } finally {
      Error.stackTraceLimit = stackLimit;
      hooks[displayHookKey] = undefined;
      this.marker.file = null;
      this.running = false;
    }
  }

  /** What a cell shows as its value, once all that goes with it is done. */
  private async complete(work: Promise<unknown>): Promise<MimeBundle | undefined> {
    const value = await work;
    const shown = value === undefined ? undefined : await bundleOf(value, this.options.inspect);
    await this.finish();
    return shown;
  }

  private compile(source: string, script: string): CellFunction {
    const shared = new Map([...this.constants].filter(([name]) => name in this.scope));
    const { code, declared, positions } = rewriteCell(source, {
      shared,
      guard: this.options.interruptFlag !== undefined,
    });
    this.traces.add(script, { source, positions });
    for (const [name, kind] of declared) this.constants.set(name, kind);
    const evaluate = this.options.evaluate ?? evaluateGlobally;
    return evaluate(code, script) as CellFunction;
  }

  private show(data: MimeBundle, { displayId, update = false }: DisplayTarget = {}): void {
    this.options.emit({ type: "display", data, update, ...(displayId === undefined ? {} : { displayId }) });
  }

  /** What others asked to be done after each cell, such as showing the figures that are open. */
  private async finish(): Promise<void> {
    for (const work of [...(hooks[afterCellKey] ?? [])]) await work();
  }

  private describe(error: unknown, script?: string): CellError {
    if (error instanceof SourceSyntaxError) return this.describeSyntaxError(error, script);
    if (!(error instanceof Error)) return this.describeThrownValue(error, script);
    const frames = this.traces.framesOf(error);
    const places = frames.map((frame) => this.traces.placeIn(frame)).filter((place) => place !== undefined);
    const place = places[0] ?? this.currentPlace(script);
    const own =
      script === undefined ? place : (places.find((candidate) => candidate.script === script) ?? place);
    const { name } = error;
    const message = cleanMessage(error.message);
    const cause = error.cause === undefined ? "" : `\nCaused by: ${this.describe(error.cause).trace}`;
    const listed = frames.length > 0 || place === undefined ? frames : [`at ${place.script}:${place.line}`];
    return {
      name,
      message,
      ...(own === undefined ? {} : { line: own.line, column: own.column }),
      frames: listed,
      trace: this.traceText(`${name}: ${message}`, place, listed) + cause,
    };
  }

  /** The place of the marked statement: all that is known where no frame names a cell. */
  private currentPlace(script: string | undefined): CellPlace | undefined {
    if (script === undefined || this.marker.file === null) return undefined;
    return { script: this.marker.file, line: this.marker.line, column: 1 };
  }

  private traceText(header: string, place: CellPlace | undefined, frames: readonly string[]): string {
    const excerpt = place === undefined ? "" : this.traces.excerpt(place);
    const indented = excerpt === "" ? [] : excerpt.split("\n").map((line) => `    ${line}`);
    return [header, ...indented, ...frames.map((frame) => `  ${frame}`)].join("\n");
  }

  private describeSyntaxError(error: SourceSyntaxError, script = this.options.filename): CellError {
    const { reason, line, column, excerpt } = error;
    const frames = [`at ${script}:${line}:${column}`];
    const indented = excerpt.split("\n").map((text) => `    ${text}`);
    const trace = [`SyntaxError: ${reason}`, ...indented, `  ${frames[0]}`].join("\n");
    return { name: "SyntaxError", message: reason, line, column, frames, trace };
  }

  private describeThrownValue(value: unknown, script: string | undefined): CellError {
    const message = this.options.inspect(value);
    const place = this.currentPlace(script);
    const frames = place === undefined ? [] : [`at ${place.script}:${place.line}`];
    return {
      name: "Uncaught",
      message,
      ...(place === undefined ? {} : { line: place.line, column: place.column }),
      frames,
      trace: this.traceText(`Uncaught ${message}`, place, frames),
    };
  }
}
