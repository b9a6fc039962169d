/**
 * @file The one place that turns text into code, and knows whether the host allows it.
 */

let allowed: boolean | null = null;

/** Whether the host lets text become code; pages with a strict Content-Security-Policy do not. */
export function mayCompile(): boolean {
  if (allowed === null) {
    try {
      new Function("return 1");
      allowed = true;
    } catch {
      allowed = false;
    }
  }
  return allowed;
}

/** Forces or forbids compilation; null asks the host again. For tests of the fallbacks. */
export function setMayCompile(value: boolean | null): void {
  allowed = value;
}

/** A function from its parameter names and body, or null where the host forbids it: callers have a fallback. */
export function compileText<F extends Function>(parameters: readonly string[], body: string): F | null {
  return mayCompile() ? (new Function(...parameters, body) as unknown as F) : null;
}
