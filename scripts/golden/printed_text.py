"""How TensorFlow and NumPy print tensors, variables and the numbers in them."""

import math

import numpy as np
import tensorflow as tf

from encoding import tensor

NAN, INF = float("nan"), float("inf")
SCALARS = [
    0.0, -0.0, 1.0, -1.0, 0.1, 0.5, 1 / 3, 2 / 3, math.pi, -math.e, 3.0, 100.0, 1234.5, 123456.0, 123456.789, 1e5, 1e6, 1e7,
    16777216.0, 1.5e15, 9.999e15, 1e16, 1e17, 1.234e20, 0.01, 0.001, 0.0001, 0.00012345, 0.00001, 1.5e-5, 1e-7, 1.17e-30, NAN, INF, -INF,
]  # fmt: skip
VECTORS = [
    [], [1.0], [1.0, 2.0, 3.0], [1.5, -2.25, 3.0], [0.1, 0.2, 0.3], [1 / 3, 2 / 3, 1.0], [-0.0, 0.0], [-1.0, 10.0, 100.0],
    [NAN, 1.0, INF], [NAN, -INF], [1.5, NAN, -INF, 0.25], [1e-5, 1.0], [1e-4, 1.0], [0.001, 1000.0], [0.0001, 1000.0],
    [1e8, 1.0], [123456.789, 0.5], [1e10, 1e-10], [1e16, 2e16], [1e7, 2e7], [1e100, 1.0], [1e-100, 1.0], [12345678.0, 0.25],
    [0.99999999, 1.0], [1.123456789, 2.1], [2.718281828, 3.14159265, 1.41421356], [1e-8, 2e-8], [1000000.0, 0.1], [-1.5e-7, 3e-7, 0.0],
]  # fmt: skip
ALIGNED = [
    [[1.5, -22.25], [333.0, 4.0]],
    [[1.0, NAN], [INF, -2.5]],
    [[[1.0, 2.0], [3.0, 4.0]], [[5.0, 6.0], [7.0, 8.5]]],
]
INTEGERS = [[], [0], [1, -20, 300], [[1, 2], [-3, 400]], [2147483647, -2147483648]]
# Shapes of arange: more than 1000 elements are elided, 3 from each end of each axis.
LONG = [
    [100],
    [1000],
    [1001],
    [1500],
    [7, 143],
    [2, 600],
    [600, 2],
    [10, 10, 11],
    [101, 3, 4],
    [3, 400, 1],
    [20, 60],
    [1001, 1],
    [1, 1001],
]
EMPTY = [[0], [2, 0], [0, 3], [2, 0, 3], [1, 0, 0, 2]]


def make():
    return {"scalars": scalars(), "tensors": tensors(), "long": long(), "variables": variables()}


def scalars():
    """A number alone, as str of the NumPy scalar and inside str of a tensor."""
    rows = []
    for dtype in ("float32", "float64"):
        for value in SCALARS:
            x = tf.constant(value, dtype)
            if not (math.isfinite(value) and math.isinf(float(x))):
                rows.append({**tensor(x), "numpy": str(x.numpy()), "str": str(x), "repr": repr(x)})
    for value in (tf.constant(7), tf.constant(-7), tf.constant(True), tf.constant(False), tf.constant(200, tf.uint8)):
        rows.append({**tensor(value), "numpy": str(value.numpy()), "str": str(value), "repr": repr(value)})
    return rows


def tensors():
    arrays = [np.array(v, d) for d in ("float32", "float64") for v in [*VECTORS, *ALIGNED] if fits(v, d)]
    arrays += [np.array(values, np.int32) for values in INTEGERS]
    arrays += [np.array([[True, False], [False, True]]), np.array([True]), np.array([0, 7, 255], np.uint8)]
    arrays += [np.zeros(shape, dtype) for shape in EMPTY for dtype in ("float32", "int32")]
    arrays += [np.arange(24.0, dtype="float32").reshape(2, 3, 4), np.arange(8, dtype="int32").reshape(2, 1, 2, 2)]
    arrays += [
        np.linspace(-1, 1, 30, dtype="float32"),
        np.arange(40, dtype="int32"),
        np.arange(-3, 60, dtype="float64") * 1.5,
    ]
    return [{**tensor(array), **texts(array)} for array in arrays]


def fits(values, dtype):
    return dtype == "float64" or all(not 1e38 < abs(v) < INF and not 0 < abs(v) < 1e-38 for v in np.ravel(values))


def texts(array):
    x = tf.constant(array)
    return {"numpy": str(array), "numpy_repr": repr(array), "str": str(x), "repr": repr(x)}


def long():
    """arange(count) * scale in the shape; the data is not written out."""
    cases = []
    for shape in LONG:
        for dtype, scale in (("float32", 0.5), ("int32", 1)):
            array = (np.arange(np.prod(shape)) * scale).astype(dtype).reshape(shape)
            cases.append({"dtype": dtype, "shape": shape, "arange_times": scale, **texts(array)})
    return cases


def variables():
    values = [
        (tf.Variable(0.0), "Variable"),
        (tf.Variable([1.0, 2.5], name="w"), "w"),
        (tf.Variable([[1, 2], [3, 4]], name="counts"), "counts"),
        (tf.Variable(np.array([0.5, 0.25]), name="weights"), "weights"),
        (tf.Variable(True, name="flag"), "flag"),
        (tf.Variable(tf.zeros([2, 0]), name="empty"), "empty"),
        (tf.Variable(tf.range(1001), name="long"), "long"),
    ]
    return [
        {
            "name": name,
            "dtype": v.dtype.name,
            "shape": v.shape.as_list(),
            "data": tensor(v)["data"] if v.shape.num_elements() < 100 else "arange",
            "str": str(v),
            "repr": repr(v),
        }
        for v, name in values
    ]
