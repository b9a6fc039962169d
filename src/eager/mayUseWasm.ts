/**
 * @file Whether this page or process may run WebAssembly that is made at run time.
 */
import { ModuleBuilder } from "../backends/wasm/assembler.js";
import { wasmFeatures } from "../backends/wasm/features.js";

let known: boolean | null = null;

/** It has vectors, and no content security policy forbids it. */
export function mayUseWasm(): boolean {
  known ??= wasmFeatures().simd && compiles();
  return known;
}

function compiles(): boolean {
  try {
    new WebAssembly.Module(new ModuleBuilder({ shared: false, maximumPages: 1 }).bytes());
    return true;
  } catch {
    return false;
  }
}
