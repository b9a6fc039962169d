/** Whether this is a page, which can rasterise pictures itself. */
function isPage(): boolean {
  return typeof document !== "undefined" && typeof Image !== "undefined";
}

async function rasterizeInPage(svg: string, zoom: number): Promise<Uint8Array> {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(image.naturalWidth * zoom);
  canvas.height = Math.round(image.naturalHeight * zoom);
  canvas.getContext("2d")!.drawImage(image, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/png"));
  if (blob === null) throw new Error("savefig: this page could not turn the figure into a PNG");
  return new Uint8Array(await blob.arrayBuffer());
}

interface Rasterizer {
  Resvg: typeof import("@resvg/resvg-wasm").Resvg;
  fonts: Uint8Array[];
}

const fontFiles = [
  "DejaVuSans.ttf",
  "DejaVuSans-Bold.ttf",
  "DejaVuSans-Oblique.ttf",
  "DejaVuSans-BoldOblique.ttf",
];

let loading: Promise<Rasterizer> | undefined;

async function loadRasterizer(): Promise<Rasterizer> {
  const { Resvg, initWasm } = await import("@resvg/resvg-wasm");
  // Node's own modules are asked for at run time, so that bundlers for pages have nothing to resolve.
  const { readFile } = process.getBuiltinModule("node:fs").promises;
  const require = process.getBuiltinModule("node:module").createRequire(import.meta.url);
  const read = (name: string) => readFile(require.resolve(name));
  await initWasm(read("@resvg/resvg-wasm/index_bg.wasm"));
  const fonts = await Promise.all(fontFiles.map((file) => read(`dejavu-fonts-ttf/ttf/${file}`)));
  return { Resvg, fonts };
}

/** Turns an SVG document into PNG bytes, `zoom` times its size in pixels. */
export async function rasterize(svg: string, zoom: number): Promise<Uint8Array> {
  if (isPage()) return rasterizeInPage(svg, zoom);
  loading ??= loadRasterizer();
  const { Resvg, fonts } = await loading;
  const resvg = new Resvg(svg, {
    fitTo: { mode: "zoom", value: zoom },
    font: { fontBuffers: fonts, defaultFontFamily: "DejaVu Sans", sansSerifFamily: "DejaVu Sans" },
  });
  const image = resvg.render();
  const bytes = image.asPng();
  image.free();
  resvg.free();
  return bytes;
}
