/**
 * @file Several callbacks as one, told in order: the user's, then History, then the progress bar.
 */
import { Callback, type CallbackModel, type CallbackParams, type Hooked, type Logs } from "./callback.js";
import { History } from "./history.js";
import { ProgbarLogger } from "./progbarLogger.js";

export interface CallbackListOptions extends Partial<CallbackParams> {
  /** Adds a History unless there is one. */
  addHistory?: boolean;
  /** Adds a progress bar unless there is one. */
  addProgbar?: boolean;
  model?: CallbackModel | null;
}

type NestedCallbacks = Callback | readonly NestedCallbacks[] | null | undefined;

/** A list of callbacks that is a callback itself. */
export class CallbackList extends Callback {
  readonly callbacks: Callback[];
  /** Whether anything listens to single batches; where nothing does, their metrics are not read. */
  readonly hearsTrainBatches: boolean;
  readonly hearsTestBatches: boolean;
  readonly hearsPredictBatches: boolean;

  constructor(callbacks: NestedCallbacks, options: CallbackListOptions = {}) {
    super();
    this.callbacks = ([callbacks].flat(Infinity as 1) as (Callback | null | undefined)[]).filter(
      (c) => c != null,
    );
    if (options.addHistory && !this.callbacks.some((c) => c instanceof History))
      this.callbacks.push(new History());
    if (options.addProgbar && !this.callbacks.some((c) => c instanceof ProgbarLogger))
      this.callbacks.push(new ProgbarLogger());
    const hears = (...hooks: (keyof Callback)[]): boolean =>
      this.callbacks.some((c) =>
        hooks.some((hook) => c[hook] !== Callback.prototype[hook as keyof typeof Callback.prototype]),
      );
    this.hearsTrainBatches = hears("onTrainBatchBegin", "onTrainBatchEnd", "onBatchBegin", "onBatchEnd");
    this.hearsTestBatches = hears("onTestBatchBegin", "onTestBatchEnd");
    this.hearsPredictBatches = hears("onPredictBatchBegin", "onPredictBatchEnd");
    if (options.model) this.setModel(options.model);
    const { verbose = 0, epochs = 1, steps = null } = options;
    this.setParams({ verbose, epochs, steps });
  }

  /** The History among them. */
  get history(): History | null {
    return this.callbacks.find((c) => c instanceof History) ?? null;
  }

  override setParams(params: CallbackParams): void {
    super.setParams(params);
    for (const callback of this.callbacks) callback.setParams(params);
  }

  override setModel(model: CallbackModel): void {
    super.setModel(model);
    if (this.history !== null) model.history = this.history;
    for (const callback of this.callbacks) callback.setModel(model);
  }

  /** Calls a hook of each in order; a promise is waited for before the next is called. */
  #each(hook: (callback: Callback) => Hooked, from = 0): Hooked {
    for (let i = from; i < this.callbacks.length; i++) {
      const pending = hook(this.callbacks[i]!);
      if (pending instanceof Promise) return pending.then(() => this.#each(hook, i + 1));
    }
  }

  override onTrainBegin(logs: Logs = {}): Hooked {
    return this.#each((c) => c.onTrainBegin(logs));
  }

  override onTrainEnd(logs: Logs = {}): Hooked {
    return this.#each((c) => c.onTrainEnd(logs));
  }

  override onEpochBegin(epoch: number, logs: Logs = {}): Hooked {
    return this.#each((c) => c.onEpochBegin(epoch, logs));
  }

  override onEpochEnd(epoch: number, logs: Logs = {}): Hooked {
    return this.#each((c) => c.onEpochEnd(epoch, logs));
  }

  override onTrainBatchBegin(batch: number, logs: Logs = {}): Hooked {
    return this.#each((c) => c.onTrainBatchBegin(batch, logs));
  }

  override onTrainBatchEnd(batch: number, logs: Logs = {}): Hooked {
    return this.#each((c) => c.onTrainBatchEnd(batch, logs));
  }

  override onTestBegin(logs: Logs = {}): Hooked {
    return this.#each((c) => c.onTestBegin(logs));
  }

  override onTestEnd(logs: Logs = {}): Hooked {
    return this.#each((c) => c.onTestEnd(logs));
  }

  override onTestBatchBegin(batch: number, logs: Logs = {}): Hooked {
    return this.#each((c) => c.onTestBatchBegin(batch, logs));
  }

  override onTestBatchEnd(batch: number, logs: Logs = {}): Hooked {
    return this.#each((c) => c.onTestBatchEnd(batch, logs));
  }

  override onPredictBegin(logs: Logs = {}): Hooked {
    return this.#each((c) => c.onPredictBegin(logs));
  }

  override onPredictEnd(logs: Logs = {}): Hooked {
    return this.#each((c) => c.onPredictEnd(logs));
  }

  override onPredictBatchBegin(batch: number, logs: Logs = {}): Hooked {
    return this.#each((c) => c.onPredictBatchBegin(batch, logs));
  }

  override onPredictBatchEnd(batch: number, logs?: { outputs: unknown }): Hooked {
    return this.#each((c) => c.onPredictBatchEnd(batch, logs));
  }
}
