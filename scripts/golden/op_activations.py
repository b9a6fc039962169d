"""Cases of the activations and of the cross-entropies from logits."""

import numpy as np

NAN, INF = float("nan"), float("inf")
FLOATS = ("float32", "float64")
POINTS = [-20.0, -3.5, -1.0, -0.3, -0.0, 0.0, 0.3, 1.0, 3.5, 5.9, 6.0, 6.5, 20.0]
ROWS = [[1.0, 2.0, -1.0], [0.0, 0.0, 0.0], [100.0, -100.0, 50.0]]
SPECIAL = [NAN, INF, -INF]


def specs():
    return [*tensorflow_activations(), *keras_activations(), *along_an_axis(), *cross_entropies()]


def tensorflow_activations():
    for name in ("relu", "relu6", "elu", "selu", "silu", "softplus", "softsign", "sigmoid", "tanh"):
        yield f"tf.nn.{name}", [POINTS], {}, FLOATS
        yield f"tf.nn.{name}", [SPECIAL], {}, FLOATS
    yield "tf.nn.leaky_relu", [POINTS], {}, FLOATS
    yield "tf.nn.leaky_relu", [POINTS], {"alpha": 0.3}, FLOATS
    for approximate in (False, True):
        yield "tf.nn.gelu", [POINTS], {"approximate": approximate}, FLOATS
    yield "tf.nn.relu", [[-2, 0, 3]], {}, ("int32",)
    yield "tf.nn.relu", [[[-1.0, 2.0], [0.0, 3.0]]], {}, FLOATS


def keras_activations():
    plain = (
        "celu", "elu", "exponential", "gelu", "hard_shrink", "hard_sigmoid", "hard_silu", "hard_tanh", "leaky_relu",
        "linear", "log_sigmoid", "mish", "relu", "relu6", "selu", "sigmoid", "silu", "soft_shrink", "softplus",
        "softsign", "sparse_plus", "squareplus", "tanh", "tanh_shrink", "threshold",
    )  # fmt: skip
    for name in plain:
        attrs = {"threshold": 0.5, "default_value": -1.0} if name == "threshold" else {}
        yield f"keras.activations.{name}", [POINTS], attrs, FLOATS
    yield "keras.activations.gelu", [POINTS], {"approximate": True}, FLOATS
    yield "keras.activations.elu", [POINTS], {"alpha": 0.5}, FLOATS
    yield "keras.activations.leaky_relu", [POINTS], {"negative_slope": 0.5}, FLOATS
    yield "keras.activations.relu", [POINTS], {"negative_slope": 0.1, "max_value": 5.0, "threshold": 0.5}, FLOATS
    yield "keras.activations.relu", [POINTS], {"max_value": 2.0}, FLOATS


def along_an_axis():
    for name in ("tf.nn.softmax", "tf.nn.log_softmax", "keras.activations.softmax", "keras.activations.log_softmax"):
        yield name, [ROWS], {}, FLOATS
        yield name, [ROWS], {"axis": 0}, FLOATS
    for name in ("tf.nn.softmax", "tf.nn.log_softmax"):
        yield name, [[-0.5, 0.25]], {}, FLOATS
        yield name, [[[1.0, NAN], [INF, 1.0], [-INF, 1.0]]], {}, FLOATS
        yield name, [np.zeros([0, 3])], {}, ("float64",)
        yield name, [np.cos(np.arange(12.0)).reshape(2, 3, 2)], {"axis": 1}, ("float64",)
    yield "keras.activations.glu", [[[1.0, 2.0, 3.0, -4.0]]], {}, FLOATS
    yield "tf.math.l2_normalize", [[[3.0, 4.0], [0.0, 0.0]]], {"axis": 1}, FLOATS


def cross_entropies():
    labels = [[1.0, 0.0, 0.0], [0.2, 0.3, 0.5], [0.0, 1.0, 0.0]]
    yield "tf.nn.softmax_cross_entropy_with_logits", [labels, ROWS], {}, FLOATS
    yield "tf.nn.softmax_cross_entropy_with_logits", [[[0.25, 0.75]], [[0.3, -0.7]]], {}, FLOATS
    yield "tf.nn.sparse_softmax_cross_entropy_with_logits", [np.array([0, 2, 1], np.int32), ROWS], {}, FLOATS
    flags, logits = [[1.0, 0.0, 0.5, 1.0], [0.0, 1.0, 0.0, 1.0]], [[2.0, -1.0, 0.3, 0.0], [50.0, -50.0, -0.0, 100.0]]
    yield "tf.nn.sigmoid_cross_entropy_with_logits", [flags, logits], {}, FLOATS
    yield "tf.nn.l2_loss", [[[1.0, -2.0], [3.0, 0.5]]], {}, FLOATS
