/**
 * @file What this engine's WebAssembly can do beyond the minimum: asked by validating small modules that use it.
 */
import { type FunctionBuilder, ModuleBuilder } from "./assembler.js";

/** What kernels may use. */
export interface Features {
  /** Vectors of 128 bits. Without them there is no wasm backend. */
  readonly simd: boolean;
  /** `relaxed_madd`: a product and a sum in one instruction, rounded once or twice as the machine likes. */
  readonly relaxed: boolean;
  /** Shared memories and atomic instructions. */
  readonly threads: boolean;
}

function validates(shared: boolean, write: (f: FunctionBuilder) => void): boolean {
  if (typeof WebAssembly === "undefined") return false;
  const module = new ModuleBuilder({ shared, maximumPages: 1 });
  module.function("probe", [], [], write);
  return WebAssembly.validate(module.bytes());
}

function detect(): Features {
  return {
    simd: validates(false, (f) => f.f32x4(0).f32x4(0).op("f32x4.add").op("drop")),
    relaxed: validates(false, (f) => f.f32x4(0).f32x4(0).f32x4(0).op("f32x4.relaxed_madd").op("drop")),
    threads: validates(true, (f) => f.i32(0).i32(0).memory("i32.atomic.rmw.add").op("drop")),
  };
}

let known: Features | undefined;

/** What this engine's WebAssembly can do. */
export function wasmFeatures(): Features {
  return (known ??= detect());
}
