/** @file Modules that the build makes. */
declare module "virtual:doors" {
  export const doors: Record<string, (() => Promise<object>) | undefined>;
}
declare module "virtual:lessons" {
  export const lessons: readonly { readonly file: string; readonly title: string }[];
}
declare module "virtual:declarations" {
  const address: string;
  export default address;
}
declare module "plotly.js-gl3d-dist-min" {
  const plotly: typeof import("./notebook/plotlyLibrary.js").plotly;
  export default plotly;
}
