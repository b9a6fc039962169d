"""Dense with all its options, the other first layers, regularizers, constraints and what initializers draw."""

import keras
import numpy as np
import tensorflow as tf

from encoding import number, tensor

X = np.array([[0.5, -1.0, 2.0], [1.5, 0.25, -0.75]], np.float32)
KERNEL = np.array([[0.2, -0.5], [0.7, 0.1], [-0.3, 0.9]], np.float32)
BIAS = np.array([0.1, -0.2], np.float32)
UPSTREAM = np.array([[1.0, -2.0], [0.5, 3.0]], np.float32)
ACTIVATIONS = [
    "relu", "sigmoid", "tanh", "softmax", "softplus", "softsign", "selu", "elu", "exponential", "leaky_relu", "relu6", "silu",
    "gelu", "hard_sigmoid", "hard_silu", "mish", "log_softmax", "linear",
]  # fmt: skip


def dense_cases():
    options = [{}, {"use_bias": False}, *({"activation": name} for name in ACTIVATIONS)]
    options += [
        {"kernel_regularizer": "l2", "bias_regularizer": "l1", "activity_regularizer": "l2"},
        {"kernel_regularizer": {"class_name": "L1L2", "config": {"l1": 0.1, "l2": 0.2}}, "activation": "relu"},
    ]
    return [*(dense(each, X, UPSTREAM) for each in options), dense_of_rank_3(), dense_float64()]


def dense(options, x, upstream, dtype="float32"):
    """The output; the regularization losses; the gradient of sum(output * upstream) + losses by x, kernel and bias."""
    layer = keras.layers.Dense(2, dtype=dtype, **options)
    layer.build(x.shape)
    layer.set_weights([KERNEL, BIAS] if layer.use_bias else [KERNEL])
    source = tf.constant(x)
    with tf.GradientTape() as tape:
        tape.watch(source)
        y = layer(source)
        total = tf.reduce_sum(y * upstream) + sum(layer.losses)
    grads = tape.gradient(total, [source, *layer.trainable_variables])
    return {
        "options": options,
        "dtype": dtype,
        "x": tensor(x),
        "weights": [tensor(v.numpy()) for v in layer.weights],
        "y": tensor(y),
        "losses": [number(loss) for loss in layer.losses],
        "upstream": tensor(upstream),
        "grads": [tensor(g) for g in grads],
    }


def dense_of_rank_3():
    x = np.stack([X, X * 2, -X]).astype(np.float32)
    return dense({"activation": "tanh"}, x, np.stack([UPSTREAM, -UPSTREAM, UPSTREAM]).astype(np.float32))


def dense_float64():
    return dense({"activation": "sigmoid"}, X.astype(np.float64), UPSTREAM.astype(np.float64), "float64")


def other_layers():
    cube = np.arange(12.0, dtype="float32").reshape(2, 3, 2)
    flatten, activation, dropout = keras.layers.Flatten(), keras.layers.Activation("relu"), keras.layers.Dropout(0.25)
    kept = dropout(np.ones([100, 100], np.float32), training=True).numpy()
    return {
        "Flatten": {"x": tensor(cube), "y": tensor(flatten(cube))},
        "Flatten_of_rank_1": {"x": tensor(cube[0, 0]), "y": tensor(keras.layers.Flatten()(cube[0, 0]))},
        "Activation": {"x": tensor(X), "y": tensor(activation(X))},
        "Dropout_at_inference": {
            "rate": 0.25,
            "x": tensor(X),
            "y": tensor(dropout(X)),
            "y_false": tensor(dropout(X, training=False)),
        },
        "Dropout_in_training": {"rate": 0.25, "values": sorted({number(float(v)) for v in kept.ravel()})},
        "Dropout_rate_0": {"x": tensor(X), "y": tensor(keras.layers.Dropout(0)(X, training=True))},
        "output_shapes": output_shapes(),
    }


def output_shapes():
    layers = {
        "Dense(5)": (keras.layers.Dense(5), [(None, 3), (2, 4, 3), (None, None, 3)]),
        "Flatten()": (keras.layers.Flatten(), [(None, 3, 4), (None, None, 4), (None,), (2, 3)]),
        "Dropout(0.5)": (keras.layers.Dropout(0.5), [(None, 3)]),
        "Activation('relu')": (keras.layers.Activation("relu"), [(None, 3)]),
    }
    return {name: [[s, layer.compute_output_shape(s)] for s in shapes] for name, (layer, shapes) in layers.items()}


def regularizers():
    table = {
        "l1": keras.regularizers.get("l1"),
        "l2": keras.regularizers.get("l2"),
        "l1l2": keras.regularizers.get("l1l2"),
        "L1(0.3)": keras.regularizers.L1(0.3),
        "L2(0.3)": keras.regularizers.L2(0.3),
        "L1L2(0.1, 0.2)": keras.regularizers.L1L2(0.1, 0.2),
        "OrthogonalRegularizer()": keras.regularizers.OrthogonalRegularizer(),
    }
    return {name: {"x": tensor(KERNEL), "loss": number(float(table[name](tf.constant(KERNEL))))} for name in table}


def constraints():
    weights = np.array([[3.0, -0.1], [4.0, 0.2], [-1.0, 0.05]], np.float32)
    table = {
        "MaxNorm()": keras.constraints.MaxNorm(),
        "MaxNorm(1, axis=1)": keras.constraints.MaxNorm(1, axis=1),
        "NonNeg()": keras.constraints.NonNeg(),
        "UnitNorm()": keras.constraints.UnitNorm(),
        "MinMaxNorm(0.5, 1, rate=0.5)": keras.constraints.MinMaxNorm(0.5, 1.0, rate=0.5),
    }
    after = {name: {"x": tensor(weights), "y": tensor(table[name](tf.constant(weights)))} for name in table}
    return {**after, "after_a_step": constraint_after_step(weights)}


def constraint_after_step(weights):
    """SGD(1.0) with gradient 0.5 everywhere on a Dense kernel with NonNeg: applied after the update."""
    layer = keras.layers.Dense(2, use_bias=False, kernel_constraint="non_neg")
    layer.build((None, 3))
    layer.set_weights([weights])
    keras.optimizers.SGD(1.0).apply([tf.fill([3, 2], 0.5)], layer.trainable_variables)
    return {"x": tensor(weights), "gradient": 0.5, "y": tensor(layer.kernel.numpy())}


def initializers():
    """Fans and limits by definition; and the mean, deviation and range of one large draw by Keras, to be met roughly."""
    shapes = {"GlorotUniform": [[200, 300], [64, 128]], "HeNormal": [[200, 300]], "RandomNormal": [[200, 300]]}
    cases = []
    for name in ("GlorotUniform", "GlorotNormal", "HeNormal", "HeUniform", "LecunNormal", "LecunUniform", "RandomNormal",
                 "RandomUniform", "TruncatedNormal", "VarianceScaling", "Zeros", "Ones", "Constant"):  # fmt: skip
        for shape in shapes.get(name, [[200, 300]]):
            seeded = {} if name in ("Zeros", "Ones", "Constant") else {"seed": 7}
            initializer = getattr(keras.initializers, name)(**seeded)
            drawn = initializer(shape).numpy().astype(np.float64)
            facts = {
                "mean": drawn.mean(),
                "standard_deviation": drawn.std(),
                "minimum": drawn.min(),
                "maximum": drawn.max(),
            }
            exact = {key: number(value) for key, value in exact_scale(name, shape).items()}
            cases.append({"name": name, "shape": shape, **exact, "drawn": {k: number(v) for k, v in facts.items()}})
    return [*cases, identity_case()]


def exact_scale(name, shape):
    """Glorot, He and Lecun by their papers: variance 1 / fan, 2 / fan_in or 2 / (fan_in + fan_out)."""
    fan_in, fan_out = shape
    variance = {"Glorot": 2 / (fan_in + fan_out), "He": 2 / fan_in, "Lecun": 1 / fan_in}
    family = next((family for family in variance if name.startswith(family)), None)
    if family is None:
        return {}
    if name.endswith("Uniform"):
        return {"limit": (3 * variance[family]) ** 0.5}
    # The normal is cut off at two of its own deviations, and widened to keep the variance.
    return {"standard_deviation": variance[family] ** 0.5, "limit": 2 * variance[family] ** 0.5 / 0.87962566103423978}


def identity_case():
    return {"name": "Identity", "shape": [2, 3], "value": tensor(keras.initializers.Identity(gain=2.0)([2, 3]))}
