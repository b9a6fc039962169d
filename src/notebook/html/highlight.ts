/** @file Code in colour. */
import highlighter from "highlight.js/lib/core";
import json from "highlight.js/lib/languages/json";
import python from "highlight.js/lib/languages/python";
import shell from "highlight.js/lib/languages/shell";
import typescript from "highlight.js/lib/languages/typescript";

highlighter.registerLanguage("json", json);
highlighter.registerLanguage("python", python);
highlighter.registerLanguage("shell", shell);
highlighter.registerLanguage("typescript", typescript);
highlighter.registerAliases(["ts", "js", "javascript", "mts", "mjs"], { languageName: "typescript" });
highlighter.registerAliases(["sh", "bash", "console"], { languageName: "shell" });

/** Code as HTML; plain text, escaped, where the language is not known. */
export function highlight(code: string, language: string): string {
  return highlighter.getLanguage(language) === undefined
    ? escapeHtml(code)
    : highlighter.highlight(code, { language }).value;
}

/** Text as HTML. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
