/**
 * @file The device that runs ops one at a time. There is exactly one; the main door puts it in.
 */
import type { Op, Runner } from "./op.js";

type Bind = (op: Op) => Runner;

let device: Bind = () => {
  throw new Error('no device is set up: import "nabla" before its parts');
};

export function installDevice(bind: Bind): void {
  device = bind;
}

/** The runner of an op; asked for once per op. */
export const bindOp: Bind = (op) => device(op);
