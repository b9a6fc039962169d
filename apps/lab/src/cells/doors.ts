/** @file What cells may import: the package's doors, and modules of the page's own origin. */
import { doors } from "virtual:doors";
import type { ImportModule } from "nabla/notebook";

/** Loads a door of the package, or a JavaScript module that lies beside the notebook. */
export function importerFrom(address: string): ImportModule {
  return async (specifier) => {
    const door = doors[specifier];
    if (door !== undefined) return door();
    if (!/^(?:\.{0,2}\/|[a-z]+:)/.test(specifier)) {
      const known = Object.keys(doors).join(", ");
      throw new TypeError(`Cannot find the package '${specifier}': in a page, cells can import ${known}`);
    }
    const url = new URL(specifier, address);
    if (url.origin !== self.location.origin) {
      throw new TypeError(
        `Cannot import '${specifier}': cells load modules from ${self.location.origin} only`,
      );
    }
    return import(/* @vite-ignore */ url.href);
  };
}
