"""Cases of the reductions, cumulative sums and the sorted ops' simplest relatives: argmax and argmin."""

import numpy as np

NAN, INF = float("nan"), float("inf")
FLOATS = ("float32", "float64")
CUBE = np.round(np.sin(np.arange(24.0) * 1.7) * 3, 2).reshape(2, 3, 4).tolist()
AXES = (
    {},
    {"axis": 0},
    {"axis": -1},
    {"axis": [0, 2]},
    {"axis": [-1, 0], "keepdims": True},
    {"axis": 1, "keepdims": True},
    {"axis": []},
)
FLOAT_REDUCTIONS = (
    "tf.reduce_sum", "tf.reduce_mean", "tf.reduce_prod", "tf.reduce_max", "tf.reduce_min", "tf.reduce_logsumexp",
    "tf.math.reduce_variance", "tf.math.reduce_std", "tf.math.reduce_euclidean_norm",
)  # fmt: skip


def specs():
    return [*axes(), *edges(), *integers_and_booleans(), *positions(), *scans()]


def axes():
    for name in FLOAT_REDUCTIONS:
        for attrs in AXES:
            if name.endswith(("std", "norm")) and attrs == {"axis": []}:
                continue  # a reduction over nothing: the gradient at 0 is not defined
            yield name, [CUBE], attrs, FLOATS if attrs in ({}, {"axis": -1}) else ("float64",)


def edges():
    empty = np.zeros([0, 3])
    for name in FLOAT_REDUCTIONS:
        yield name, [empty], {}, ("float64",)
        yield name, [empty], {"axis": 0}, ("float64",)
        yield name, [empty], {"axis": 1, "keepdims": True}, ("float64",)
        yield name, [2.5], {}, ("float64",)
        yield name, [[[1.0, NAN], [2.0, 3.0]]], {"axis": 1}, FLOATS
    ties = [[1.0, 3.0, 3.0], [2.0, 2.0, 2.0]]
    for name in ("tf.reduce_max", "tf.reduce_min"):
        yield name, [ties], {"axis": 1}, FLOATS  # equal shares
        yield name, [ties], {}, FLOATS
        yield name, [[-INF, INF, 0.0]], {}, FLOATS
    yield "tf.reduce_prod", [[[2.0, 3.0, 4.0], [0.0, 3.0, 4.0], [0.0, 0.0, 4.0]]], {"axis": 1}, FLOATS
    yield "tf.reduce_prod", [[[2.0, 0.0], [3.0, 5.0]]], {}, FLOATS
    for points in ([1000.0, 1000.5], [-1000.0, -1001.0], [-INF, -INF], [INF, 1.0], [-INF, 2.0]):
        yield "tf.reduce_logsumexp", [points], {}, FLOATS
    yield "tf.math.reduce_euclidean_norm", [[0.0, 0.0]], {}, FLOATS
    yield "tf.reduce_sum", [[0.1] * 10], {}, FLOATS
    for order in ("euclidean", 1, float("inf")):
        yield "tf.norm", [[[3.0, -4.0], [1.0, 2.0]]], {"ord": order, "axis": 1}, FLOATS


def integers_and_booleans():
    table = [[-7, 2, 3], [4, -5, 6]]
    for name in ("tf.reduce_sum", "tf.reduce_prod", "tf.reduce_max", "tf.reduce_min", "tf.reduce_mean"):
        yield name, [table], {}, ("int32",)
        yield name, [table], {"axis": 0}, ("int32",)
        if name != "tf.reduce_mean":  # division by no elements
            yield name, [np.zeros([0], np.int32)], {}, ("int32",)
    yield "tf.reduce_sum", [[2147483647, 1]], {}, ("int32",)
    flags = np.array([[True, False, True], [True, True, True], [False, False, False]])
    for name in ("tf.reduce_any", "tf.reduce_all"):
        for attrs in ({}, {"axis": 0}, {"axis": -1, "keepdims": True}):
            yield name, [flags], attrs, ("bool",)
        yield name, [np.zeros([0, 2], bool)], {"axis": 0}, ("bool",)
    yield "tf.math.count_nonzero", [table], {"axis": 0}, ("int32",)


def positions():
    for name in ("tf.argmax", "tf.argmin"):
        for axis in (0, 1, -1):
            yield name, [CUBE], {"axis": axis}, ("float32",)
        yield name, [[[1.0, 5.0, 5.0], [2.0, 2.0, 2.0]]], {"axis": 1}, FLOATS  # the first of equals
        yield name, [[[1, 5, 5], [-2, -2, 3]]], {"axis": 1}, ("int32",)
        yield name, [[1.0, 2.0]], {"axis": 0, "output_type": "int32"}, ("float32",)


def scans():
    for name in ("tf.cumsum", "tf.math.cumprod"):
        for attrs in ({}, {"axis": 1}, {"axis": -1, "exclusive": True}, {"axis": 0, "reverse": True}):
            yield name, [[[1.0, 2.0, 3.0], [4.0, 0.5, -1.0]]], attrs, FLOATS
    yield "tf.math.cumprod", [[2.0, 0.0, 3.0]], {}, FLOATS
