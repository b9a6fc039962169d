/**
 * @file What the main door does at import: fills the engine, lists the gradients, gives tensors their methods.
 */
import { type Compile, installCompiler } from "../core/compiler.js";
import { installDevice } from "../core/device.js";
import { installEngine } from "../core/engine.js";
import { handlerOf } from "../core/handler.js";
import type { Op, Runner } from "../core/op.js";
import { registerOps } from "../core/registry.js";
import { add, subtract } from "./arithmetic.js";
import { cast } from "./cast.js";
import { fill } from "./creation.js";
import { readVariable } from "./gradientFlow.js";
import { concat, stack } from "./join.js";
import { allOps } from "./list.js";
import { installMethods } from "./methods.js";
import { sumTo } from "./reductions.js";
import { scatterRows } from "./scatter.js";
import { broadcastTo, identity, reshape } from "./views.js";

/** Puts the library together on a device and a compiler. */
export function install(bind: (op: Op) => Runner, compile: Compile): void {
  installDevice(bind);
  installCompiler(compile);
  installEngine({
    add,
    sub: subtract,
    cast,
    fill,
    identity,
    readVariable,
    stack,
    reshape,
    sumTo,
    broadcastTo,
    scatterRows,
    concatRows: (xs) => concat(xs, 0),
  });
  registerOps(allOps, handlerOf);
  installMethods();
}
