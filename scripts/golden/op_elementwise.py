"""Cases of the elementwise ops: arithmetic, powers, exponentials, trigonometry, rounding, comparison, logic, select, casts."""

import numpy as np

NAN, INF = float("nan"), float("inf")
FLOATS = ("float32", "float64")
NUMBERS = ("float32", "float64", "int32")
POINTS = [-2.5, -1.0, -0.3, -0.0, 0.0, 0.3, 1.0, 2.5]
POSITIVE = [0.01, 0.3, 0.5, 1.0, 2.0, 3.7, 10.0, 1234.5]
UNIT = [-0.95, -0.5, -0.1, -0.0, 0.0, 0.2, 0.5, 0.9]
SPECIAL = [NAN, INF, -INF, -0.0, 0.0]

UNARY = {
    "tf.negative": POINTS, "tf.abs": POINTS, "tf.sign": POINTS, "tf.square": POINTS, "tf.identity": POINTS,
    "tf.sqrt": POSITIVE, "tf.math.rsqrt": POSITIVE, "tf.math.reciprocal": POINTS[:3] + POINTS[5:],
    "tf.exp": POINTS, "tf.math.expm1": [-20.0, -1.0, -1e-3, -1e-7, 0.0, 1e-7, 1e-3, 1.0, 20.0],
    "tf.math.log": POSITIVE, "tf.math.log1p": [-0.9, -1e-3, -1e-7, 0.0, 1e-7, 1e-3, 1.0, 1e6],
    "tf.math.sigmoid": [-100.0, -20.0, *POINTS, 20.0, 100.0],
    "tf.math.log_sigmoid": [-100.0, -20.0, *POINTS, 20.0, 100.0],
    "tf.sin": [*POINTS, 100.0], "tf.cos": [*POINTS, 100.0], "tf.tan": [*POINTS, 100.0],
    "tf.asin": UNIT, "tf.acos": UNIT, "tf.atan": [*POINTS, 1e3, -1e3],
    "tf.sinh": POINTS, "tf.cosh": POINTS, "tf.tanh": [*POINTS, 9.5, -25.0],
    "tf.asinh": [*POINTS, 1e3, -1e3], "tf.acosh": [1.01, 1.5, 2.0, 10.0, 1e3], "tf.atanh": UNIT,
    "tf.math.erf": [*POINTS, 6.0], "tf.math.erfc": POINTS,
}  # fmt: skip
# Op, then the points at its edge; the gradients there are infinities, NaN or a convention.
UNARY_EDGES = {
    "tf.abs": SPECIAL, "tf.sign": SPECIAL, "tf.square": SPECIAL, "tf.negative": SPECIAL,
    "tf.sqrt": [-1.0, *SPECIAL], "tf.math.rsqrt": [-1.0, *SPECIAL], "tf.math.reciprocal": SPECIAL,
    "tf.exp": [*SPECIAL, 800.0, -800.0], "tf.math.expm1": SPECIAL, "tf.math.log": [-1.0, *SPECIAL],
    "tf.math.log1p": [-1.0, -2.0, *SPECIAL], "tf.math.sigmoid": SPECIAL, "tf.sin": SPECIAL, "tf.cos": SPECIAL,
    "tf.asin": [-1.0, 1.0, 1.5, NAN], "tf.acos": [-1.0, 1.0, 1.5, NAN], "tf.atan": SPECIAL,
    "tf.sinh": SPECIAL, "tf.cosh": SPECIAL, "tf.tanh": SPECIAL, "tf.asinh": SPECIAL,
    "tf.acosh": [1.0, 0.5, NAN, INF], "tf.atanh": [-1.0, 1.0, 1.5, NAN], "tf.math.erf": SPECIAL,
}  # fmt: skip
# Halves go to the even neighbour in round and rint.
ROUNDING = [-2.5, -1.5, -0.5, -0.2, -0.0, 0.0, 0.2, 0.5, 1.5, 2.5, 3.5, 2.7, -2.7, NAN, INF]

SIGNED_X = [-7.0, -7.0, 7.0, 7.0, -6.0, 6.0, -5.5, 5.5, 0.0, -0.5]
SIGNED_Y = [3.0, -3.0, 3.0, -3.0, 3.0, -3.0, 2.0, -2.0, -3.0, 1.0]
INTEGER_X = [-7, -7, 7, 7, -6, 6, 0, -1, 2147483647, -2147483648]
INTEGER_Y = [3, -3, 3, -3, 3, -3, -3, 5, 10, 10]
TIES_X, TIES_Y = [1.0, 2.0, 2.0, -0.0, 0.0, NAN, 1.0, INF], [2.0, 2.0, 1.0, 0.0, -0.0, 1.0, NAN, -INF]


def int32(values):
    return np.array(values, np.int32)


def specs():
    return [*unary(), *arithmetic(), *powers(), *divisions(), *comparison_and_logic(), *selection(), *casts()]


def unary():
    for name, points in UNARY.items():
        yield name, [points], {}, FLOATS
    for name, points in UNARY_EDGES.items():
        yield name, [points], {}, FLOATS
    for name in ("tf.math.floor", "tf.math.ceil", "tf.round", "tf.math.rint"):
        yield name, [ROUNDING], {}, FLOATS
    for name in ("tf.negative", "tf.abs", "tf.sign", "tf.square", "tf.round"):
        yield name, [[-3, -1, 0, 1, 2147483647, -2147483648]], {}, ("int32",)
    for name in ("tf.exp", "tf.square", "tf.abs"):
        yield name, [[[0.5, -1.0], [2.0, 0.25]]], {}, FLOATS
        yield name, [-0.75], {}, FLOATS
        yield name, [np.zeros([2, 0, 3])], {}, ("float64",)
    for name in ("tf.math.is_nan", "tf.math.is_inf", "tf.math.is_finite"):
        yield name, [[*SPECIAL, 1.0]], {}, FLOATS


def arithmetic():
    x, y = [[1.5, -2.0, 3.0], [0.0, 4.0, -0.5]], [[2.0, 0.5, -1.0], [3.0, -2.0, 4.0]]
    for name in (
        "tf.add",
        "tf.subtract",
        "tf.multiply",
        "tf.divide",
        "tf.maximum",
        "tf.minimum",
        "tf.math.squared_difference",
    ):
        yield name, [x, y], {}, FLOATS
        yield name, [x, [2.0, -1.0, 0.5]], {}, FLOATS  # broadcast over rows
        yield name, [[[1.0], [2.0]], [[3.0, -4.0, 0.5]]], {}, FLOATS  # both sides broadcast
        yield name, [3.0, x], {}, FLOATS
        yield name, [np.zeros([0, 3]), np.ones([3])], {}, ("float64",)
    for name in ("tf.add", "tf.subtract", "tf.multiply", "tf.maximum", "tf.minimum", "tf.math.squared_difference"):
        yield name, [INTEGER_X, INTEGER_Y], {}, ("int32",)  # wraps
    for name in ("tf.add", "tf.subtract", "tf.multiply"):
        yield name, [np.array([250, 3, 17], np.uint8), np.array([10, 5, 20], np.uint8)], {}, ("uint8",)
    for name in ("tf.maximum", "tf.minimum"):
        yield name, [TIES_X, TIES_Y], {}, FLOATS
    yield "tf.add_n", [x, y, x], {}, FLOATS
    yield "tf.math.multiply_no_nan", [[1.0, NAN, INF, 2.0], [0.0, 0.0, 0.0, 3.0]], {}, FLOATS
    yield "tf.math.divide_no_nan", [[1.0, 0.0, -3.0, 4.0], [0.0, 0.0, 2.0, -0.5]], {}, FLOATS
    yield "tf.math.xlogy", [[0.0, 0.0, 2.0, 1.5, -1.0], [0.0, 2.0, 3.0, 0.5, 4.0]], {}, FLOATS
    yield "tf.math.xlog1py", [[0.0, 0.0, 2.0, 1.5], [-1.0, 2.0, 3.0, 0.5]], {}, FLOATS
    yield "tf.math.xdivy", [[0.0, 0.0, 2.0, 1.5], [0.0, 2.0, 4.0, -0.5]], {}, FLOATS
    yield "tf.atan2", [[1.0, -1.0, 0.5, -0.5, 0.0, -0.0, 0.0], [2.0, 0.5, -1.0, -3.0, 1.0, -1.0, -1.0]], {}, FLOATS


def powers():
    yield "tf.pow", [[2.0, 3.0, 0.5, 1.5], [3.0, -2.0, 0.5, 0.0]], {}, FLOATS
    yield "tf.pow", [[0.0, 0.0, 0.0, -2.0, -2.0, -0.0], [2.0, 1.0, 0.0, 2.0, 3.0, 3.0]], {}, FLOATS
    yield "tf.pow", [[0.0, -8.0, 0.0], [0.5, 0.5, -1.0]], {}, FLOATS
    yield "tf.pow", [[[1.0, 2.0], [3.0, 4.0]], 2.0], {}, FLOATS
    yield "tf.pow", [2.0, [0.0, 1.0, 2.5]], {}, FLOATS
    yield "tf.pow", [[2, -3, 0, 5, 7], [10, 3, 0, 0, 1]], {}, ("int32",)


def divisions():
    for name in ("tf.math.floordiv", "tf.math.floormod"):
        yield name, [SIGNED_X, SIGNED_Y], {}, FLOATS
        yield name, [[[5.5, -7.25], [1.0, 2.0]], [2.0, -3.0]], {}, FLOATS
    for name in ("tf.math.floordiv", "tf.math.floormod", "tf.truncatediv", "tf.truncatemod"):
        yield name, [INTEGER_X, INTEGER_Y], {}, ("int32",)
    yield "tf.truncatemod", [SIGNED_X, SIGNED_Y], {}, FLOATS
    yield "tf.math.floormod", [[1.0, -1.0, 1.0, -0.0], [INF, INF, -INF, 2.0]], {}, FLOATS
    yield "tf.divide", [[7, -7, 1, 0], [2, 2, -3, 5]], {}, ("int32",)
    yield "tf.divide", [[1.0, -1.0, 0.0, 0.0], [0.0, 0.0, 0.0, -2.0]], {}, FLOATS


def comparison_and_logic():
    for name in ("tf.equal", "tf.not_equal", "tf.less", "tf.less_equal", "tf.greater", "tf.greater_equal"):
        yield name, [TIES_X, TIES_Y], {}, FLOATS
        yield name, [[1, 2, 3], [3, 2, 1]], {}, ("int32",)
        yield name, [[[1.0], [2.0]], [1.0, 2.0, 3.0]], {}, ("float32",)
    both = [np.array([True, True, False, False]), np.array([True, False, True, False])]
    for name in ("tf.logical_and", "tf.logical_or", "tf.math.logical_xor", "tf.equal", "tf.not_equal"):
        yield name, both, {}, ("bool",)
    yield "tf.logical_not", both[:1], {}, ("bool",)


def selection():
    condition = np.array([True, False, True])
    yield "tf.where", [condition, [1.0, 2.0, 3.0], [-1.0, -2.0, -3.0]], {}, NUMBERS
    yield "tf.where", [condition, [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]], 0.5], {}, FLOATS
    yield "tf.where", [np.array([[True], [False]]), [1.0, 2.0], 3.0], {}, FLOATS
    yield "tf.where", [condition, [1.0, NAN, 3.0], [0.0, 5.0, NAN]], {}, FLOATS
    yield "tf.where", [np.array([[True, False], [False, True]])], {}, ("bool",)
    yield "tf.clip_by_value", [[-2.0, -1.0, 0.0, 1.0, 2.0, NAN], -1.0, 1.0], {}, FLOATS
    yield "tf.clip_by_value", [[[-2.0, 0.5], [3.0, 1.0]], [[0.0], [1.0]], 2.0], {}, FLOATS


def casts():
    floats = [-2.7, -1.0, -0.5, -0.0, 0.0, 0.5, 1.9, 100.3]
    yield "tf.cast", [floats], {"dtype": "int32"}, FLOATS  # towards zero
    yield "tf.cast", [floats], {"dtype": "bool"}, FLOATS
    yield "tf.cast", [floats], {"dtype": "float32"}, FLOATS
    yield "tf.cast", [floats], {"dtype": "float64"}, FLOATS
    yield "tf.cast", [[0.1, 1 / 3, 1e10, 16777217.0]], {"dtype": "float32"}, ("float64",)
    yield "tf.cast", [[0.0, 0.9, 7.5, 255.0]], {"dtype": "uint8"}, FLOATS
    yield "tf.cast", [[-1, 0, 255, 256, 300]], {"dtype": "uint8"}, ("int32",)
    yield "tf.cast", [[-1, 0, 2, 16777217]], {"dtype": "float32"}, ("int32",)
    yield "tf.cast", [[-1, 0, 2]], {"dtype": "bool"}, ("int32",)
    yield "tf.cast", [np.array([0, 7, 255], np.uint8)], {"dtype": "int32"}, ("uint8",)
    for dtype in ("float32", "float64", "int32", "uint8"):
        yield "tf.cast", [np.array([True, False])], {"dtype": dtype}, ("bool",)
