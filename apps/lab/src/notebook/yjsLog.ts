/** @file The log of Yjs, silent: see the build's settings. */
const silent = (): void => {};
export const print = silent;
export const warn = silent;
export const [ORANGE, BOLD, UNBOLD, RED] = ["", "", "", ""];
