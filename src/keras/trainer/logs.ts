/**
 * @file Metrics as callbacks see them: plain numbers, sorted by name.
 */
import { Tensor } from "../../core/tensor.js";
import type { Logs } from "../callbacks/callback.js";
import type { StepResult } from "./trainable.js";

/** The values as numbers, in the order of their names. */
export function plainLogs(result: StepResult): Logs {
  const logs: Logs = {};
  for (const name of Object.keys(result).sort()) {
    const value = result[name]!;
    logs[name] = value instanceof Tensor ? value.item() : value;
  }
  return logs;
}
