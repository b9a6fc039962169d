/**
 * @file Which ops stand at the root of the main door, and the namespaces.
 */

export * as debugging from "./namespaces/debugging.js";
export * as linalg from "./namespaces/linalg.js";
export * as math from "./namespaces/math.js";
export * as nn from "./namespaces/nn.js";
export * as random from "./namespaces/random.js";
export * from "./namespaces/root.js";
