/** @file Where the clone and the page's own folder are. */
import { fileURLToPath } from "node:url";

// The bundler keeps the address of each file of its configuration.
export const lab = fileURLToPath(new URL("../", import.meta.url));
export const root = fileURLToPath(new URL("../../../", import.meta.url));
