/**
 * @file Where in a model the code is: names of the enclosing layers make the paths of variables.
 */
let names: readonly string[] = [];
let owners: readonly unknown[] = [];

/** Runs a function inside a named scope; an owner that is innermost already does not open a second one. */
export function withNameScope<T>(name: string, owner: unknown, f: () => T): T {
  if (owners.at(-1) === owner) return f();
  const held = [names, owners] as const;
  names = [...names, name];
  owners = [...owners, owner];
  try {
    return f();
  } finally {
    [names, owners] = held;
  }
}

/** Runs a function inside the scopes of several owners, outermost first; those that are open already stay. */
export function withNameScopes<T>(wanted: readonly { readonly name: string }[], f: () => T): T {
  const [first, ...rest] = wanted.filter((owner) => !owners.includes(owner));
  return first === undefined ? f() : withNameScope(first.name, first, () => withNameScopes(rest, f));
}

/** A name with those of the enclosing scopes before it: `sequential/dense/kernel`. */
export const scopedPath = (name: string): string => [...names, name].join("/");
