/** @file Elements of the page, briefly written. */

type Child = Node | string;

/** Properties are set as properties, `class`, `role` and names with a dash as attributes. */
export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  settings: Readonly<Record<string, unknown>> = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(settings)) {
    if (name === "class" || name === "role" || name.includes("-")) element.setAttribute(name, String(value));
    else (element as unknown as Record<string, unknown>)[name] = value;
  }
  element.append(...children);
  return element;
}

/** A control with its label before it. */
export const labelled = (text: string, control: HTMLElement): HTMLLabelElement =>
  make("label", { class: "play-label" }, make("span", {}, text), control);

/** A list to choose from; `options` are names and titles. */
export function choice(
  options: readonly (readonly [string, string])[],
  value: string,
  onChange: (value: string) => void,
): HTMLSelectElement {
  const select = make(
    "select",
    {},
    ...options.map(([name, title]) => make("option", { value: name }, title)),
  );
  select.value = value;
  select.addEventListener("change", () => onChange(select.value));
  return select;
}

/** A field for a number; what is no number, or out of range, is marked and not reported. */
export function numberField(
  settings: { min?: number; max?: number; integer?: boolean },
  onChange: (value: number) => void,
): HTMLInputElement {
  const { min, max, integer = false } = settings;
  const field = make("input", {
    type: "number",
    step: integer ? "1" : "any",
    required: true,
    inputMode: integer ? "numeric" : "decimal",
    ...(min === undefined ? {} : { min: String(min) }),
    ...(max === undefined ? {} : { max: String(max) }),
  });
  field.addEventListener("change", () => {
    const isValid = field.checkValidity() && Number.isFinite(field.valueAsNumber);
    field.setAttribute("aria-invalid", String(!isValid));
    if (isValid) onChange(field.valueAsNumber);
    else field.reportValidity();
  });
  return field;
}

/** Sets a number field without telling anyone. */
export function fill(field: HTMLInputElement, value: number): void {
  field.value = String(Number(value.toPrecision(4)));
  field.setAttribute("aria-invalid", "false");
}
