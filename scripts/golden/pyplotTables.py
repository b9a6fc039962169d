"""Writes the two data tables of src/pyplot from Matplotlib: colour maps and DejaVu Sans advance widths.

Run: python scripts/golden/pyplotTables.py   (Matplotlib 3.11, fontTools 4)
"""

from pathlib import Path

import matplotlib
from fontTools.ttLib import TTFont

ROOT = Path(__file__).resolve().parents[2] / "src" / "pyplot"
SMOOTH = ["viridis", "plasma", "inferno", "magma", "cividis", "gray", "coolwarm", "jet", "RdBu", "hot", "Blues",
          "Greens", "Reds", "bwr", "seismic", "RdYlBu", "Spectral", "turbo", "hsv", "twilight"]
LISTED = ["tab10", "tab20", "Set1", "Set2", "Pastel1"]
EXTRA = "°±²³µ·×÷ΓΔΘΛΞΠΣΦΨΩαβγδεζηθικλμνξπρστυφχψω–—−∂∇∈∑√∞∫≈≠≤≥→←↑↓"


def hex_of(color):
    return "".join(f"{round(channel * 255):02x}" for channel in color[:3])


def colormap_tables():
    lines = ["// Written by scripts/golden/pyplotTables.py from Matplotlib's colour maps; do not edit.", "",
             "/** Every third of the 256 colours of each smooth map, as RRGGBB. */",
             "export const smoothMaps: Readonly<Record<string, string>> = {"]
    for name in SMOOTH:
        cmap = matplotlib.colormaps[name]
        table = "".join(hex_of(cmap(i)) for i in range(0, 256, 3))
        lines += [f"  {name}:", f'    "{table}",']
    lines += ["};", "", "/** All colours of each qualitative map, as RRGGBB. */",
              "export const listedMaps: Readonly<Record<string, string>> = {"]
    for name in LISTED:
        lines += [f"  {name}:", f'    "{"".join(hex_of(color) for color in matplotlib.colormaps[name].colors)}",']
    return "\n".join(lines + ["};", ""])


def font_tables():
    font = TTFont(Path(matplotlib.get_data_path()) / "fonts/ttf/DejaVuSans.ttf")
    units, names, metrics = font["head"].unitsPerEm, font.getBestCmap(), font["hmtx"]
    width = lambda character: metrics[names[ord(character)]][0]
    ascii_widths = ", ".join(str(width(chr(code))) for code in range(32, 127))
    extra = ", ".join(f'"{c}": {width(c)}' for c in EXTRA)
    return "\n".join([
        "// Written by scripts/golden/pyplotTables.py from DejaVu Sans; do not edit.", "",
        f"export const unitsPerEm = {units};", "",
        "/** Advance widths of the characters U+0020 to U+007E. */",
        f"export const asciiWidths: readonly number[] = [{ascii_widths}];", "",
        "/** Advance widths of the other characters that plots use. */",
        f"export const otherWidths: Readonly<Record<string, number>> = {{{extra}}};", ""])


(ROOT / "colormapTables.ts").write_text(colormap_tables())
(ROOT / "fontTables.ts").write_text(font_tables())
