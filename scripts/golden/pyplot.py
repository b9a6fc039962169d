"""Writes test/golden/pyplot.json: what real Matplotlib and NumPy give for the cases that test/pyplot checks.

Run: python scripts/golden/pyplot.py   (Matplotlib 3.11, NumPy 2)
"""

import json
import re
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.colors import to_rgba
from matplotlib.textpath import TextToPath
from matplotlib.font_manager import FontProperties
from matplotlib.ticker import MaxNLocator

RANGES = [(0, 1), (-2, 9.9), (0, 100), (-1, 1), (0.001, 0.002), (1e6, 3e6), (-5e-7, 4e-7), (12345, 12346), (1e9, 1e9 + 1),
          (0, 1e-12), (-3.5, 1200), (0.1, 0.7), (99.99, 100.01), (-1e5, 1e5), (3, 17), (0, 7), (-0.25, 0.3), (1990, 2024),
          (5, 5.0001), (1e-3, 1)]
LOG_RANGES = [(1, 10), (1, 1e5), (0.003, 4000), (2, 8), (1e-12, 1e12), (20, 90), (1, 35), (1e-30, 1e30), (0.5, 3), (7, 7.5)]


def plain(label):
    return re.sub(r"\\mathdefault\{(.*)\}\$", r"\1$", label)


def axis_ticks(axis, low, high, minor):
    ticks = [(axis.get_major_ticks(), axis.get_majorticklocs())]
    if minor:
        ticks.append((axis.get_minor_ticks(), axis.get_minorticklocs()))
    result = []
    for items, locations in ticks:
        slack = 1e-10 * (high - low)
        result.append([[float(value), plain(tick.label1.get_text())] for tick, value in zip(items, locations)
                       if low - slack <= value <= high + slack])
    return result


def linear_ticks():
    cases = []
    for low, high in RANGES:
        for name in "xy":
            figure, axes = plt.subplots()
            getattr(axes, f"set_{name}lim")(low, high)
            figure.canvas.draw()
            axis = getattr(axes, f"{name}axis")
            cases.append({"axis": name, "limits": [low, high], "ticks": axis_ticks(axis, low, high, False)[0],
                          "offset": axis.get_major_formatter().get_offset()})
            plt.close(figure)
    return cases


def log_ticks():
    cases = []
    for low, high in LOG_RANGES:
        figure, axes = plt.subplots()
        axes.set_yscale("log")
        axes.set_ylim(low, high)
        figure.canvas.draw()
        major, minor = axis_ticks(axes.yaxis, low, high, True)
        cases.append({"limits": [low, high], "major": major, "minor": minor})
        plt.close(figure)
    return cases


def max_n_ticks():
    return [{"limits": [low, high], "bins": bins, "ticks": MaxNLocator(nbins=bins, steps=[1, 2, 2.5, 5, 10]).tick_values(low, high).tolist()}
            for low, high in RANGES for bins in (3, 5, 9)]


def histograms():
    data = np.random.default_rng(7).normal(size=40).round(3).tolist() + [1.0, 1.0, 2.0]
    cases = [{"bins": 10}, {"bins": 7, "range": [-1, 1]}, {"bins": [-2, -1, 0, 0.5, 2]}, {"bins": 5, "density": True}]
    result = []
    for case in cases:
        counts, edges = np.histogram(data, **case)
        result.append({"options": case, "counts": counts.tolist(), "edges": edges.tolist()})
    counts, edges = np.histogram([3, 3, 3])
    same = {"data": [3, 3, 3], "counts": counts.tolist(), "edges": edges.tolist()}
    return {"data": data, "cases": result, "same": same}


def contour_levels():
    y, x = np.mgrid[0:1:12j, 0:1:15j]
    surface = x * x - y
    result = []
    for low, high in [(0, 1), (-0.7, 1.3), (3, 2000), (-1e-4, 2e-4), (0, 7), (11, 12)]:
        for count in (None, 4, 12):
            z = low + (high - low) * (surface - surface.min()) / np.ptp(surface)
            args = [z] if count is None else [z, count]
            result.append({"limits": [float(z.min()), float(z.max())], "count": count,
                           "levels": plt.contour(*args).levels.tolist(), "filled": plt.contourf(*args).levels.tolist()})
            plt.close("all")
    return result


def colormaps():
    names = ["viridis", "plasma", "inferno", "magma", "cividis", "gray", "coolwarm", "jet", "RdBu", "viridis_r", "tab10", "hsv"]
    fractions = np.linspace(0, 1, 101)
    return {name: [[round(float(c), 4) for c in matplotlib.colormaps[name](float(f))[:3]] for f in fractions] for name in names}


def limits():
    cases = {}

    def record(name, draw, **keywords):
        figure, axes = plt.subplots(**keywords)
        draw(axes)
        cases[name] = {"x": list(map(float, axes.get_xlim())), "y": list(map(float, axes.get_ylim()))}
        if hasattr(axes, "get_zlim"):
            cases[name]["z"] = list(map(float, axes.get_zlim()))
        plt.close(figure)

    space = {"subplot_kw": {"projection": "3d"}}
    grid = np.meshgrid(np.arange(4.0), np.arange(3.0))
    record("line", lambda a: a.plot([1, 2, 4], [3, -1, 5]))
    record("empty", lambda a: None)
    record("constant", lambda a: a.plot([2, 2], [0, 0]))
    record("point", lambda a: a.plot([5], [7], "o"))
    record("bar", lambda a: a.bar([1, 2, 3], [4, 5, -2]))
    record("barh", lambda a: a.barh([1, 2, 3], [4, 5, 2]))
    record("imshow", lambda a: a.imshow(np.zeros((3, 5))))
    record("imshowLower", lambda a: a.imshow(np.zeros((3, 5)), origin="lower", extent=(0, 1, 2, 3)))
    record("log", lambda a: (a.plot([1, 2, 4], [0, 10, 1000]), a.set_yscale("log")))
    record("contour", lambda a: a.contour(grid[0], grid[1], grid[0] * grid[1]))
    record("axhline", lambda a: (a.plot([0, 1], [0, 1]), a.axhline(3)))
    record("line3d", lambda a: a.plot([0, 1], [0, 2], [0, 10]), **space)
    record("scatter3d", lambda a: a.scatter([0, 1], [0, 2], [0, 10]), **space)
    record("empty3d", lambda a: None, **space)
    record("surface", lambda a: a.plot_surface(grid[0], grid[1], grid[0] + grid[1]), **space)
    return cases


def projections():
    result = []
    for view in [(30, -60, 0), (20, 35, 0), (90, -90, 0), (-15, 120, 0), (30, -60, 25), (100, 10, 0)]:
        for kind in ("persp", "ortho"):
            axes = plt.figure().add_subplot(projection="3d")
            axes.set_xlim(-3, 4)
            axes.set_ylim(0, 2)
            axes.set_zlim(10, 50)
            axes.view_init(*view)
            axes.set_proj_type(kind)
            result.append({"view": view, "kind": kind, "matrix": axes.get_proj().tolist()})
            plt.close("all")
    return {"limits": [[-3, 4], [0, 2], [10, 50]], "cases": result}


def colors():
    names = ["r", "g", "k", "C0", "C12", "tab:orange", "steelblue", "#abc", "#1f77b480", "0.25", "none", "rebeccapurple"]
    return {name: list(map(float, to_rgba(name))) for name in names}


def text_widths():
    font = FontProperties(family="DejaVu Sans", size=100)
    texts = ["0.25", "epoch", "Validation loss", "\u22121.5", "W", "MMMM iiii"]
    return {text: TextToPath().get_text_width_height_descent(text, font, False)[0] / 100 for text in texts}


golden = {
    "linearTicks": linear_ticks(), "logTicks": log_ticks(), "maxNTicks": max_n_ticks(), "histograms": histograms(),
    "contourLevels": contour_levels(), "colormaps": colormaps(), "limits": limits(), "projections": projections(),
    "colors": colors(), "textWidths": text_widths(),
}
target = Path(__file__).resolve().parents[2] / "test" / "golden" / "pyplot.json"
target.write_text(json.dumps(golden, separators=(",", ":")))
