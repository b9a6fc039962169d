/** @file The resources that the `using` declarations of one block hold. */

type Dispose = () => unknown;

interface Resource {
  readonly dispose: Dispose;
  readonly waits: boolean;
}

const disposeKey: symbol = Symbol.dispose ?? Symbol.for("Symbol.dispose");
const asyncDisposeKey: symbol = Symbol.asyncDispose ?? Symbol.for("Symbol.asyncDispose");

/** A later error that hides an earlier one, in engines that do not have the class themselves. */
class SuppressedErrorFallback extends Error {
  override readonly name = "SuppressedError";

  constructor(
    readonly error: unknown,
    readonly suppressed: unknown,
  ) {
    super("An error was suppressed during disposal");
  }
}

type SuppressedErrorClass = new (error: unknown, suppressed: unknown) => Error;

function suppress(error: unknown, suppressed: unknown): Error {
  const own = (globalThis as { SuppressedError?: SuppressedErrorClass }).SuppressedError;
  return new (own ?? SuppressedErrorFallback)(error, suppressed);
}

function methodOf(value: unknown, key: symbol): Dispose | undefined {
  const method = (value as Record<symbol, unknown>)[key];
  return typeof method === "function" ? () => method.call(value) : undefined;
}

/** A stack of resources, disposed of last first; the errors of the block and of its disposal are kept together. */
export class Disposables {
  private readonly resources: Resource[] = [];
  private failure: { error: unknown } | null = null;

  /** Takes a resource of `using`, and gives it back. */
  use<Value>(value: Value): Value {
    if (value === null || value === undefined) return value;
    const dispose = methodOf(value, disposeKey);
    if (dispose === undefined) throw new TypeError("using: the value has no method [Symbol.dispose]");
    this.resources.push({ dispose, waits: false });
    return value;
  }

  /** Takes a resource of `await using`, and gives it back. */
  useAsync<Value>(value: Value): Value {
    if (value === null || value === undefined) return value;
    const dispose = methodOf(value, asyncDisposeKey) ?? methodOf(value, disposeKey);
    if (dispose === undefined) {
      throw new TypeError("await using: the value has no method [Symbol.asyncDispose] or [Symbol.dispose]");
    }
    this.resources.push({ dispose, waits: true });
    return value;
  }

  /** Notes that the block ended with an error. */
  fail(error: unknown): void {
    this.failure = { error: this.failure === null ? error : suppress(error, this.failure.error) };
  }

  /** Disposes of everything, and throws what went wrong. */
  dispose(): void {
    for (const { dispose } of this.resources.reverse()) {
      try {
        dispose();
      } catch (error) {
        this.fail(error);
      }
    }
    this.rethrow();
  }

  /** Disposes of everything, waiting where a resource asks for it, and throws what went wrong. */
  async disposeAsync(): Promise<void> {
    for (const { dispose, waits } of this.resources.reverse()) {
      try {
        const done = dispose();
        if (waits) await done;
      } catch (error) {
        this.fail(error);
      }
    }
    this.rethrow();
  }

  private rethrow(): void {
    if (this.failure !== null) throw this.failure.error;
  }
}
