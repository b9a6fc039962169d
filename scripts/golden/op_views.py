"""Cases of the ops that move data (views, gather, one_hot), make it (range, eye, ...) and contract it (matmul, einsum)."""

import numpy as np

FLOATS = ("float32", "float64")
ALL = ("float32", "float64", "int32")
ROW = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]
TABLE = [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]
CUBE = np.arange(24.0).reshape(2, 3, 4).tolist()


def ramp(*shape):
    """Small numbers that round nowhere and repeat nowhere near."""
    count = int(np.prod(shape))
    return (((np.arange(count) * 5 + 2) % 13 - 6) / 4).reshape(shape)


def integers(values):
    return np.array(values, np.int32)


def specs():
    return [*reshapes(), *slices(), *joins(), *padding(), *indexing(), *creation(), *contractions()]


def reshapes():
    for shape in ([3, 2], [-1], [6, -1, 1], [1, 2, 3]):
        yield "tf.reshape", [TABLE], {"shape": shape}, ALL if shape == [3, 2] else ("float64",)
    yield "tf.reshape", [[7.0]], {"shape": []}, ("float64",)
    yield "tf.reshape", [np.zeros([0, 3])], {"shape": [3, 0]}, ("float64",)
    for attrs in ({}, {"perm": [1, 0, 2]}, {"perm": [2, 0, 1]}, {"perm": [0, 2, 1]}):
        yield "tf.transpose", [CUBE], attrs, ("float64",)
    yield "tf.transpose", [TABLE], {}, ALL
    for axis in (0, 1, 2, -1, -3):
        yield "tf.expand_dims", [TABLE], {"axis": axis}, ("float64",)
    for attrs in ({}, {"axis": 0}, {"axis": [0, -1]}, {"axis": -1}):
        yield "tf.squeeze", [[[[1.0], [2.0]]]], attrs, ("float64",)
    for value, shape in (
        (ROW[:3], [2, 3]),
        ([[1.0], [2.0]], [2, 3]),
        (5.0, [2, 2]),
        ([[1.0], [2.0]], [3, 2, 2]),
        ([1.0], [0]),
    ):
        yield "tf.broadcast_to", [value], {"shape": shape}, ALL
    for multiples in ([1, 2], [2, 1], [2, 3], [0, 1]):
        yield "tf.tile", [TABLE], {"multiples": multiples}, ("float64",)
    for axis in ([0], [1], [0, 1], [-1], []):
        yield "tf.reverse", [TABLE], {"axis": axis}, ("float64",)
    yield "tf.repeat", [TABLE], {"repeats": 2, "axis": 0}, ("float64",)
    yield "tf.roll", [ROW], {"shift": 2, "axis": 0}, ("float64",)


def slices():
    for begin, size in (([1, 0, 2], [1, 2, 2]), ([0, 1, 0], [-1, -1, 1]), ([2, 0, 0], [0, 3, 4])):
        yield "tf.slice", [CUBE], {"begin": begin, "size": size}, ALL
    rest = {"start": None, "stop": None, "step": None}
    indices = [
        [1], [-1], [{"start": 1, "stop": 3, "step": None}], [{"start": None, "stop": None, "step": -1}],
        [rest, {"start": None, "stop": None, "step": 2}], ["ellipsis", 1], ["ellipsis", "newaxis"], [0, "ellipsis", 2],
        ["newaxis", 1, {"start": -2, "stop": None, "step": None}], [rest, {"start": 2, "stop": None, "step": -2}, 3],
        [rest, {"start": 5, "stop": 9, "step": None}], [1, 2, 3], [{"start": -1, "stop": -3, "step": -1}],
        [rest, rest, {"start": 3, "stop": 0, "step": -2}], ["newaxis", "ellipsis", "newaxis"],
    ]  # fmt: skip
    for index in indices:
        yield "getitem", [CUBE], {"index": index}, ("float64",)
    strided = {"begin": [0, 3], "end": [2, 0], "strides": [1, -2]}
    yield "tf.strided_slice", [[[1.0, 2.0, 3.0, 4.0], [5.0, 6.0, 7.0, 8.0]]], strided, ALL
    masks = {"begin": [1, 1], "end": [2, 2], "strides": [1, 1]}
    for mask in (
        {"begin_mask": 1},
        {"end_mask": 2},
        {"shrink_axis_mask": 1},
        {"new_axis_mask": 1},
        {"ellipsis_mask": 1},
    ):
        yield "tf.strided_slice", [[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]], {**masks, **mask}, ("float64",)


def joins():
    for axis in (0, 1, -1):
        yield "tf.concat", [TABLE, [[7.0, 8.0, 9.0], [0.0, -1.0, -2.0]]], {"axis": axis}, ALL
    yield "tf.concat", [ROW[:2], ROW[:1], np.zeros([0]), ROW[:3]], {"axis": 0}, ("float64",)
    for axis in (0, 1, -1):
        yield "tf.stack", [ROW[:3], ROW[3:]], {"axis": axis}, ALL
    yield "tf.stack", [1.0, 2.0, 3.0], {}, ("float64",)
    for axis in (0, 1, -1):
        yield "tf.unstack", [TABLE], {"axis": axis}, ("float64",)
    yield "tf.split", [ROW], {"num_or_size_splits": 3}, ALL
    yield "tf.split", [TABLE], {"num_or_size_splits": [1, 2], "axis": 1}, ("float64",)
    yield "tf.split", [TABLE], {"num_or_size_splits": [2, -1], "axis": -1}, ("float64",)


def padding():
    for mode in ("CONSTANT", "REFLECT", "SYMMETRIC"):
        yield "tf.pad", [TABLE], {"paddings": [[1, 1], [2, 1]], "mode": mode}, ("float32", "float64")
    yield "tf.pad", [ROW[:3]], {"paddings": [[1, 2]], "constant_values": 9}, ALL
    yield "tf.pad", [ROW[:3]], {"paddings": [[0, 0]]}, ("float64",)
    yield "tf.pad", [ROW[:3]], {"paddings": [[3, 3]], "mode": "SYMMETRIC"}, ("float64",)


def indexing():
    for indices, attrs in (
        ([2, 0, 2], {}), ([[0, 1], [1, 0]], {}), (1, {}), ([], {}), ([2, 0, 2], {"axis": 1}), ([1], {"axis": -1}),
        ([[0, 3], [2, 2]], {"axis": 2}),
    ):  # fmt: skip
        params = [[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]] if not attrs else CUBE
        yield "tf.gather", [params, integers(indices)], attrs, ("float32", "float64")
    yield "tf.gather", [TABLE, integers([[2, 0], [1, 1]])], {"batch_dims": 1}, FLOATS
    yield "tf.gather", [CUBE, integers([[3, 0], [1, 1]])], {"axis": 2, "batch_dims": 1}, FLOATS
    yield "tf.gather", [TABLE, integers([1, 0])], {"axis": 1, "batch_dims": 1}, FLOATS
    for indices in ([[1, 2], [0, 0], [1, 2]], [[1], [0]], [[[0, 1]], [[1, 0]]]):
        yield "tf.gather_nd", [TABLE, integers(indices)], {}, ("float64",)
    yield "tf.gather_nd", [TABLE, integers([1, 1])], {}, ("float32",)  # TensorFlow's gradient fails for a scalar
    yield "tf.nn.embedding_lookup", [[[1.0, 2.0], [3.0, 4.0]], integers([1, 1, 0])], {}, FLOATS
    yield "tf.one_hot", [integers([0, 2, -1, 5])], {"depth": 3}, ("int32",)
    yield (
        "tf.one_hot",
        [integers([[0, 1], [2, 1]])],
        {"depth": 3, "axis": 0, "on_value": 5.0, "off_value": -1.0},
        ("int32",),
    )
    yield "tf.one_hot", [integers([1, 0])], {"depth": 2, "dtype": "int32"}, ("int32",)
    yield "tf.one_hot", [integers([[0, 1]])], {"depth": 2, "axis": 1, "dtype": "float64"}, ("int32",)
    yield "tf.one_hot", [integers(1)], {"depth": 3, "dtype": "bool", "on_value": True, "off_value": False}, ("int32",)


def creation():
    for attrs in ({"limit": 5}, {"start": 3, "limit": 18, "delta": 3}, {"start": 3, "limit": 1, "delta": -0.5},
                  {"start": 5, "limit": 5}, {"limit": 3, "dtype": "float64"}, {"start": 0.0, "limit": 1.0, "delta": 0.1},
                  {"start": 10, "limit": 0, "delta": -3}):  # fmt: skip
        yield "tf.range", [], {"start": 0, **attrs}, ("",)
    for start, stop, count in ((0.0, 1.0, 5), (-2.0, 3.0, 7), (1.0, 1.0, 3), (5.0, 0.0, 4), (2.0, 9.0, 1)):
        yield "tf.linspace", [start, stop], {"num": count}, ("float64", "float32")
    for indexing_order in ("xy", "ij"):
        yield "tf.meshgrid", [ROW[:3], ROW[3:5]], {"indexing": indexing_order}, ("float64", "int32")
        yield "tf.meshgrid", [ROW[:2], ROW[2:5], ROW[5:]], {"indexing": indexing_order}, ("float64",)
    for rows, attrs in ((3, {}), (2, {"num_columns": 4}), (2, {"batch_shape": [2]}), (2, {"dtype": "int32"}), (0, {})):
        yield "tf.eye", [], {"num_rows": rows, **attrs}, ("",)
    yield "tf.zeros", [], {"shape": [2, 0]}, ("",)
    yield "tf.ones", [], {"shape": [2, 2], "dtype": "int32"}, ("",)
    yield "tf.fill", [], {"dims": [2, 3], "value": 7}, ("",)
    yield "tf.fill", [], {"dims": [2], "value": 0.5}, ("",)
    for name in ("tf.zeros_like", "tf.ones_like"):
        yield name, [TABLE], {}, ALL
    for attrs in ({"start": 5}, {"start": 1, "stop": 10, "step": 3}, {"start": -3.0, "stop": 4.0, "step": 0.5},
                  {"start": 0.0, "stop": 1.0, "step": 0.3}, {"start": 5, "dtype": "float32"}):  # fmt: skip
        yield "keras.ops.arange", [], attrs, ("",)
    yield "keras.ops.ravel", [TABLE], {}, ("float64",)
    yield "keras.ops.reshape", [TABLE], {"newshape": [3, 2]}, ("float64",)
    for indexing_order in ("xy", "ij"):
        yield "keras.ops.meshgrid", [ROW[:3], ROW[3:5]], {"indexing": indexing_order}, ("float64",)


def contractions():
    for transpose_a in (False, True):
        for transpose_b in (False, True):
            a = ramp(*((3, 2) if transpose_a else (2, 3))).tolist()
            b = ramp(*((4, 3) if transpose_b else (3, 4))).tolist()
            yield "tf.matmul", [a, b], {"transpose_a": transpose_a, "transpose_b": transpose_b}, FLOATS
    for a, b in (
        ((2, 2, 3), (2, 3, 2)),
        ((2, 1, 2, 3), (3, 3, 2)),
        ((2, 3), (4, 3, 2)),
        ((2, 2, 3), (3, 1)),
        ((1, 2, 3), (2, 3, 1)),
    ):
        yield "tf.matmul", [ramp(*a).tolist(), ramp(*b).tolist()], {}, FLOATS
    yield (
        "tf.matmul",
        [ramp(2, 3, 2).tolist(), ramp(2, 4, 3).tolist()],
        {"transpose_a": True, "transpose_b": True},
        ("float64",),
    )
    yield "tf.matmul", [np.zeros([2, 0]), np.zeros([0, 3])], {}, ("float64",)
    yield "tf.matmul", [np.zeros([0, 2]), ramp(2, 3)], {}, ("float64",)
    yield "tf.matmul", [[[1, -2], [3, 4]], [[5, 6], [7, -8]]], {}, ("int32",)
    yield "tf.linalg.matvec", [ramp(2, 3).tolist(), ramp(3).tolist()], {}, FLOATS
    for a, b, axes in (
        ((2, 3), (3, 4), 1),
        ((2, 3), (2, 3), 2),
        ((2,), (3,), 0),
        ((2, 3, 4), (4, 3), [[1, 2], [1, 0]]),
    ):
        yield "tf.tensordot", [ramp(*a).tolist(), ramp(*b).tolist()], {"axes": axes}, ("float64",)


def error_specs():
    """Wrong calls: what TensorFlow refuses, so that we refuse it too. Only the class is kept; our messages are our own."""
    return [
        ("tf.matmul", [TABLE, [[1.0, 2.0]]], {}),
        ("tf.add", [ROW[:2], ROW[:3]], {}),
        ("tf.reshape", [TABLE], {"shape": [4]}),
        ("tf.reshape", [TABLE], {"shape": [-1, -1]}),
        ("tf.transpose", [TABLE], {"perm": [0, 0]}),
        ("tf.expand_dims", [TABLE], {"axis": 3}),
        ("tf.squeeze", [TABLE], {"axis": 0}),
        ("tf.broadcast_to", [ROW[:2]], {"shape": [3]}),
        ("tf.slice", [ROW[:2]], {"begin": [1], "size": [2]}),
        ("tf.concat", [TABLE, [[1.0]]], {"axis": 0}),
        ("tf.stack", [ROW[:2], ROW[:3]], {}),
        ("tf.split", [ROW], {"num_or_size_splits": 4}),
        ("tf.gather", [ROW, integers([6])], {}),
        ("tf.gather", [ROW, integers([-1])], {}),
        ("tf.reduce_sum", [TABLE], {"axis": 2}),
        ("tf.reverse", [TABLE], {"axis": [0, 0]}),
        ("tf.pad", [ROW[:2]], {"paddings": [[2, 0]], "mode": "REFLECT"}),
        ("getitem", [ROW[:2]], {"index": [2]}),
        ("getitem", [ROW[:2]], {"index": [0, 0]}),
        ("tf.math.floordiv", [integers([1]), integers([0])], {}),
        ("tf.math.floormod", [integers([1]), integers([0])], {}),
    ]
