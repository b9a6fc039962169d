/** @file MIME types in notebooks. */

/** Whether content of a type is JSON data rather than text. */
export function isJsonType(type: string): boolean {
  return /^application\/(?:.*\+)?json$/.test(type);
}

/** Whether content of a type is text that people read line by line, unlike base64. */
export function isText(type: string): boolean {
  return type.startsWith("text/") || type === "image/svg+xml" || type === "application/javascript";
}
