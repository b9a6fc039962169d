/** @file What the kernel says about itself. */
import { createRequire } from "node:module";
import { type Content, protocolVersion } from "./messages.js";

const { version } = createRequire(import.meta.url)("nabla/package.json") as { version: string };

/** The answer to a request for information about the kernel. */
export const kernelInfo: Content = {
  status: "ok",
  protocol_version: protocolVersion,
  implementation: "nabla",
  implementation_version: version,
  language_info: {
    name: "typescript",
    version: process.versions.node,
    mimetype: "text/x-typescript",
    file_extension: ".ts",
    pygments_lexer: "typescript",
    codemirror_mode: "typescript",
    nbconvert_exporter: "script",
  },
  banner: `Nabla ${version}: TypeScript on Node ${process.versions.node}`,
  help_links: [{ text: "TypeScript", url: "https://www.typescriptlang.org/docs/" }],
};
