/** @file The languages of cells. */
import { javascript } from "@codemirror/lang-javascript";
import { markdown } from "@codemirror/lang-markdown";
import { EditorLanguageRegistry } from "@jupyterlab/codemirror";

/** TypeScript and markdown; whatever else a notebook holds is plain text. */
export function createLanguages(): EditorLanguageRegistry {
  const languages = new EditorLanguageRegistry();
  languages.addLanguage({
    name: "typescript",
    mime: ["text/x-typescript", "text/typescript", "text/javascript", "application/javascript"],
    extensions: ["ts", "js"],
    support: javascript({ typescript: true }),
  });
  languages.addLanguage({
    name: "markdown",
    mime: ["text/x-markdown", "text/markdown", "text/x-ipythongfm"],
    extensions: ["md"],
    support: markdown(),
  });
  return languages;
}
