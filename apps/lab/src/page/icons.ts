/** @file The pictures on the bar's buttons, drawn on a square of 24. */
const paths = {
  run: '<path d="M7 5v14l12-7z" fill="currentColor" stroke="none"/>',
  runAll: '<path d="M4 5v14l8-7zM13 5v14l8-7z" fill="currentColor" stroke="none"/>',
  stop: '<rect x="6" y="6" width="12" height="12" rx="1.5" fill="currentColor" stroke="none"/>',
  restart: '<path d="M5 12a7 7 0 1 0 2.2-5.1M5 4v4h4"/>',
  code: '<path d="m9 7-5 5 5 5M15 7l5 5-5 5"/>',
  text: '<path d="M5 6h14M12 6v13M9 19h6"/>',
  up: '<path d="M12 19V5M6 11l6-6 6 6"/>',
  down: '<path d="M12 5v14M6 13l6 6 6-6"/>',
  remove: '<path d="M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13"/>',
  open: '<path d="M4 19V6h6l2 2h8v11z"/>',
  download: '<path d="M12 4v11M7 10l5 5 5-5M5 20h14"/>',
  theme: '<circle cx="12" cy="12" r="8"/><path d="M12 4a8 8 0 0 1 0 16z" fill="currentColor"/>',
  keyboard:
    '<rect x="3" y="6" width="18" height="12" rx="2"/><path d="M7 10h.01M11 10h.01M15 10h.01M8 14h8"/>',
} as const;

export type IconName = keyof typeof paths;

export function icon(name: IconName): SVGSVGElement {
  const template = document.createElement("template");
  template.innerHTML =
    '<svg viewBox="0 0 24 24" width="20" height="20" fill="none" stroke="currentColor" stroke-width="2" ' +
    `stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">${paths[name]}</svg>`;
  return template.content.firstElementChild as SVGSVGElement;
}
