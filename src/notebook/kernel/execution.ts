/** @file Requests to run cells. */
import type { CellEvent, CellResult } from "../executor.js";
import type { CellThread } from "./cellThread.js";
import { History } from "./history.js";
import type { Content, Message } from "./messages.js";
import { nameInRequest } from "./notebookName.js";
import { errorContent, type Publisher } from "./publisher.js";

/** A request to run a cell, with what it leaves out filled in. */
interface Request {
  readonly code: string;
  readonly silent: boolean;
  readonly storesHistory: boolean;
  readonly expressions: Record<string, unknown>;
  readonly allowsInput: boolean;
  readonly stopsOnError: boolean;
}

/** What came of a request. */
export interface Execution {
  readonly reply: Content;
  /** Whether the requests that wait must not run. */
  readonly aborts: boolean;
}

const booleanOr = (value: unknown, fallback: boolean): boolean =>
  typeof value === "boolean" ? value : fallback;

function parseRequest(content: Content): Request {
  const { code, user_expressions: expressions } = content;
  if (typeof code !== "string") throw new TypeError("execute_request: code must be a string");
  const silent = booleanOr(content["silent"], false);
  return {
    code,
    silent,
    storesHistory: !silent && booleanOr(content["store_history"], true),
    expressions: expressions !== null && typeof expressions === "object" ? { ...expressions } : {},
    allowsInput: booleanOr(content["allow_stdin"], true),
    stopsOnError: booleanOr(content["stop_on_error"], true),
  };
}

/** Runs cells for front ends, and counts them. */
export class Executions {
  readonly history = new History();
  /** The request whose cell ran last: what comes late belongs to it. */
  current: Message | null = null;
  private silent = false;
  private count = 0;
  private unnamed = 0;

  constructor(
    private readonly thread: CellThread,
    private readonly publisher: Publisher,
  ) {}

  /** Publishes what cells send out. */
  publish(event: CellEvent): void {
    if (!this.silent) this.publisher.output(event, this.current?.header ?? {});
  }

  /** Answers an execute request. */
  async run(message: Message): Promise<Execution> {
    const request = parseRequest(message.content);
    const name = nameInRequest(message.metadata);
    if (name !== null) this.thread.nameNotebook(name);
    this.current = message;
    this.silent = request.silent;
    if (request.storesHistory && request.code.trim() !== "") this.count++;
    const count = this.count;
    if (!request.silent) {
      this.publisher.publish("execute_input", { code: request.code, execution_count: count }, message.header);
    }
    const result = await this.execute(request.code, request);
    this.remember(request, result);
    return result.ok ? this.succeed(request, result, message) : this.fail(request, result, message);
  }

  private execute(source: string, { storesHistory, allowsInput }: Request): Promise<CellResult> {
    const name = storesHistory ? `cell[${this.count}]` : `expression[${++this.unnamed}]`;
    return this.thread.ask({ type: "execute", source, name, allowsInput });
  }

  private remember({ storesHistory, code }: Request, result: CellResult): void {
    if (!storesHistory || code.trim() === "") return;
    const shown = result.ok ? result.value?.["text/plain"] : undefined;
    this.history.add({ line: this.count, input: code, output: shown === undefined ? null : String(shown) });
  }

  private async succeed(
    request: Request,
    { value }: CellResult & { ok: true },
    message: Message,
  ): Promise<Execution> {
    if (value !== undefined && !request.silent) {
      const content = { execution_count: this.count, data: value, metadata: {} };
      this.publisher.publish("execute_result", content, message.header);
    }
    const expressions: Content = {};
    for (const [name, source] of Object.entries(request.expressions)) {
      expressions[name] = await this.evaluate(String(source), request);
    }
    const reply = {
      status: "ok",
      execution_count: this.count,
      payload: [],
      user_expressions: expressions,
    };
    return { reply, aborts: false };
  }

  /** The value of an expression that a front end asks for beside the cell. */
  private async evaluate(source: string, request: Request): Promise<Content> {
    const result = await this.execute(`(${source}\n)`, { ...request, storesHistory: false });
    if (!result.ok) return { status: "error", ...errorContent(result.error) };
    return { status: "ok", data: result.value ?? { "text/plain": "undefined" }, metadata: {} };
  }

  private fail(
    { silent, stopsOnError }: Request,
    { error }: CellResult & { ok: false },
    message: Message,
  ): Execution {
    const content = errorContent(error);
    if (!silent) this.publisher.publish("error", content, message.header);
    const reply = {
      status: "error",
      execution_count: this.count,
      user_expressions: {},
      payload: [],
      ...content,
    };
    return { reply, aborts: stopsOnError };
  }
}
