"""Embedding, normalization, attention, recurrent, convolutional and pooling layers: outputs, gradients, masks, configs."""

import keras
import numpy as np
import tensorflow as tf

from encoding import numbers, raised, tensor

RANDOM = np.random.RandomState(7)


def draw(*shape):
    """Numbers of three decimals, so that the file stays small; float64, so that nothing hides behind rounding."""
    return np.round(RANDOM.uniform(-1, 1, shape), 3)


def make():
    return {"layers": [*cases()], "models": models(), "names": names(), "errors": errors()}


def cases():
    yield from embedding()
    yield from layer_normalization()
    yield from batch_normalization()
    yield from attention()
    yield from recurrent()
    yield from convolution()
    yield from pooling()


def case(kind, options, *inputs, build=None, times=1, **call):
    """What a layer with random weights gives; the gradient of sum(outputs · upstream) + losses by inputs and weights."""
    layer = getattr(keras.layers, kind)(name="layer", dtype="float64", **options)
    layer.build(*(build or [x.shape for x in inputs]))
    layer.set_weights([weight(v) for v in layer.weights])
    weights = [{"path": v.path, "trainable": v.trainable, "value": tensor(v)} for v in layer.weights]
    call = {name: tf.constant(value) if isinstance(value, np.ndarray) else value for name, value in call.items()}
    if "initial_state" in call:
        call["initial_state"] = [tf.constant(state) for state in call["initial_state"]]
    sources = [tf.constant(x) for x in inputs]
    trainable = layer.trainable_variables
    for _ in range(times):
        with tf.GradientTape() as tape:
            given = [x for x in [*sources, *tf.nest.flatten(call)] if tf.is_tensor(x) and x.dtype.is_floating]
            tape.watch(given)
            y = tf.nest.flatten(layer(*sources, **call))
            upstream = [tf.constant(draw(*part.shape)) for part in y]
            total = sum(tf.reduce_sum(part * up) for part, up in zip(y, upstream)) + sum(layer.losses)
    grads = tape.gradient(total, [*given, *trainable])
    config = layer.get_config()
    return {
        "layer": kind,
        "options": options,
        "inputs": [tensor(x) for x in sources],
        "call": {name: plain(value) for name, value in call.items()},
        "times": times,
        "weights": weights,
        "y": [tensor(part) for part in y],
        "mask": tensor(getattr(y[0], "_keras_mask", None)),
        "losses": numbers([float(loss) for loss in layer.losses]),
        "upstream": [tensor(up) for up in upstream],
        "grads": [tensor(None if g is None else tf.convert_to_tensor(g)) for g in grads],
        "after": [tensor(v) for v in layer.weights],
        "config": config_of(config),
        "build_config": keras.saving.serialize_keras_object(layer).get("build_config"),
        "shapes": shapes_of(layer, build or [x.shape for x in inputs]),
    }


def weight(variable):
    """Any numbers, but for what cannot be negative."""
    numbers = draw(*variable.shape)
    return numbers**2 + 0.5 if variable.name.endswith(("variance", "stddev")) else numbers


def plain(value):
    if isinstance(value, list):
        return [tensor(item) for item in value]
    return tensor(value) if tf.is_tensor(value) else value


def config_of(config):
    """As it stands in a file: tuples are lists, policies and seeds are objects."""
    return keras.saving.serialize_keras_object(config)


def shapes_of(layer, shapes):
    """The output's shape for a batch of any size."""
    open_shapes = [(None, *shape[1:]) for shape in shapes]
    return {"inputs": open_shapes, "output": layer.compute_output_shape(*open_shapes)}


def embedding():
    indices = np.array([[1, 0, 4, 1], [2, 2, 0, 3]], np.int32)
    yield case("Embedding", {"input_dim": 5, "output_dim": 3}, indices)
    yield case("Embedding", {"input_dim": 5, "output_dim": 3, "mask_zero": True}, indices)
    penalized = {"embeddings_initializer": "zeros", "embeddings_regularizer": "l2", "embeddings_constraint": "unit_norm"}
    yield case("Embedding", {"input_dim": 5, "output_dim": 2, **penalized}, indices[0])
    yield case("Embedding", {"input_dim": 5, "output_dim": 2, "activity_regularizer": "l1"}, indices.astype(np.float64))


def layer_normalization():
    x = draw(2, 3, 4)
    yield case("LayerNormalization", {}, x)
    yield case("LayerNormalization", {"axis": [1, 2], "epsilon": 1e-5}, x)
    yield case("LayerNormalization", {"axis": 1}, x)
    yield case("LayerNormalization", {"axis": [-1, 1]}, draw(2, 3, 2, 4))
    yield case("LayerNormalization", {"center": False, "gamma_regularizer": "l2"}, x)
    yield case("LayerNormalization", {"scale": False, "beta_constraint": "non_neg", "beta_initializer": "ones"}, x)


def batch_normalization():
    x = draw(4, 3)
    image = draw(2, 3, 2, 4)
    for training in (False, True):
        yield case("BatchNormalization", {}, x, training=training)
        yield case("BatchNormalization", {"momentum": 0.8, "epsilon": 0.01}, image, training=training)
        yield case("BatchNormalization", {"axis": 1}, image, training=training)
    yield case("BatchNormalization", {"center": False}, x, training=True)
    yield case("BatchNormalization", {"scale": False, "beta_regularizer": "l2"}, x, training=True)
    mask = np.array([[True, True, False], [True, False, False]])
    yield case("BatchNormalization", {}, draw(2, 3, 4), training=True, mask=mask)
    yield case("BatchNormalization", {"trainable": False}, x, training=True)
    yield case("BatchNormalization", {"renorm": True}, x, training=True)
    clipping = {"rmin": 0.8, "rmax": 1.1, "dmax": 0.2}
    yield case("BatchNormalization", {"renorm": True, "renorm_clipping": clipping, "scale": False}, x, training=True)
    yield case("BatchNormalization", {"renorm": True, "renorm_momentum": 0.7, "center": False}, x, training=False)


def attention():
    q, v, k = draw(2, 3, 4), draw(2, 5, 6), draw(2, 5, 3)
    two = {"num_heads": 2, "key_dim": 4}
    yield case("MultiHeadAttention", two, q, v)
    yield case("MultiHeadAttention", {**two, "value_dim": 5}, q, v, k, return_attention_scores=True)
    yield case("MultiHeadAttention", {**two, "use_bias": False, "output_shape": 7}, q, v)
    yield case("MultiHeadAttention", two, q, q, use_causal_mask=True)
    yield case("MultiHeadAttention", two, q, q, use_causal_mask=True, return_attention_scores=True)
    yield case("MultiHeadAttention", two, q, v, use_causal_mask=True)
    seen = RANDOM.uniform(size=(2, 3, 5)) > 0.4
    seen[0, 1] = False
    yield case("MultiHeadAttention", two, q, v, attention_mask=seen)
    yield case("MultiHeadAttention", two, q, v, attention_mask=seen, return_attention_scores=True)
    value_mask = np.array([[True, True, False, True, False], [True] * 5])
    key_mask = np.array([[True, False, True, True, True], [True, True, True, False, False]])
    yield case("MultiHeadAttention", two, q, v, value_mask=value_mask, key_mask=key_mask, use_causal_mask=True)
    yield case("MultiHeadAttention", {**two, "sliding_window": 2}, q, q)
    yield case("MultiHeadAttention", {**two, "use_gate": True, "value_dim": 2}, q, v)
    penalties = {"kernel_regularizer": "l2", "bias_regularizer": "l1", "activity_regularizer": "l2"}
    yield case("MultiHeadAttention", {**two, **penalties, "dropout": 0.2, "seed": 3}, q, v)
    grid = draw(2, 2, 3, 4)
    yield case("MultiHeadAttention", two, grid, grid, return_attention_scores=True)
    yield case("MultiHeadAttention", {**two, "attention_axes": 2}, grid, grid)
    yield case("MultiHeadAttention", {**two, "attention_axes": [1], "output_shape": [2, 3]}, grid, draw(2, 4, 3, 5))


def recurrent():
    x = draw(2, 4, 3)
    mask = np.array([[False, True, True, False], [True, False, True, True]])
    for kind, states in (("LSTM", 2), ("GRU", 1), ("SimpleRNN", 1)):
        everything = {"return_sequences": True, "return_state": True}
        start = [draw(2, 2) for _ in range(states)]
        yield case(kind, {"units": 2}, x)
        yield case(kind, {"units": 2, **everything}, x)
        yield case(kind, {"units": 2, **everything, "go_backwards": True}, x, initial_state=start)
        yield case(kind, {"units": 2}, x, mask=mask)
        yield case(kind, {"units": 2, **everything}, x, mask=mask, initial_state=start)
        yield case(kind, {"units": 2, **everything, "go_backwards": True}, x, mask=mask)
        yield case(kind, {"units": 2, "return_sequences": True, "zero_output_for_mask": True}, x, mask=mask)
        yield case(kind, {"units": 2, "stateful": True, "return_state": True}, x, times=2)
        yield case(kind, {"units": 2, "use_bias": False, "activation": "relu", "unroll": True}, x)
        yield case(kind, {"units": 2, **penalties(kind)}, x)
    yield case("LSTM", {"units": 2, "unit_forget_bias": False, "recurrent_activation": "hard_sigmoid"}, x)
    yield case("LSTM", {"units": 2, "dropout": 0.3, "recurrent_dropout": 0.2, "seed": 4}, x)
    for options in ({}, {"use_bias": False, "return_sequences": True}, {"recurrent_dropout": 0.2, "dropout": 0.1}):
        yield case("GRU", {"units": 2, "reset_after": False, **options}, x)


def penalties(kind):
    """Keras 3.15's SimpleRNN forgets its activity regularizer."""
    activity = {} if kind == "SimpleRNN" else {"activity_regularizer": "l1"}
    return {
        "kernel_regularizer": "l2",
        "recurrent_regularizer": "l1",
        "bias_regularizer": "l2",
        **activity,
        "kernel_constraint": "max_norm",
        "recurrent_constraint": "unit_norm",
        "bias_constraint": "non_neg",
        "recurrent_initializer": "glorot_normal",
    }


def convolution():
    line, image = draw(2, 7, 3), draw(2, 6, 5, 4)
    for options in ({}, {"padding": "same"}, {"padding": "causal"}, {"strides": 2, "padding": "same"}, {"dilation_rate": 2},
                    {"padding": "causal", "dilation_rate": 2, "use_bias": False}):  # fmt: skip
        yield case("Conv1D", {"filters": 2, "kernel_size": 3, **options}, line)
    for options in (
        {"activation": "relu"}, {"padding": "same", "strides": 2}, {"kernel_size": (3, 2), "strides": (2, 1)},
        {"dilation_rate": 2, "use_bias": False}, {"groups": 2, "padding": "same"},
        {"kernel_regularizer": "l2", "bias_regularizer": "l1", "activity_regularizer": "l1"},
        {"kernel_constraint": "max_norm", "bias_constraint": "non_neg"},
    ):  # fmt: skip
        yield case("Conv2D", {"filters": 2, "kernel_size": 2, **options}, image)
    small = draw(1, 3, 2, 2)
    for options in ({}, {"strides": 2, "padding": "same"}, {"strides": (2, 1), "padding": "valid", "use_bias": False},
                    {"strides": 2, "output_padding": 1}, {"activation": "tanh", "padding": "same"}):  # fmt: skip
        yield case("Conv2DTranspose", {"filters": 3, "kernel_size": 3, **options}, small)
    for options in ({}, {"depth_multiplier": 2, "padding": "same"}, {"strides": 2, "depthwise_regularizer": "l2"},
                    {"activation": "relu", "use_bias": False}):  # fmt: skip
        yield case("DepthwiseConv2D", {"kernel_size": 2, **options}, image)
    for options in ({}, {"strides": 2, "padding": "same"}):
        yield case("Conv1DTranspose", {"filters": 2, "kernel_size": 3, **options}, line)
    yield case("DepthwiseConv1D", {"kernel_size": 2, "depth_multiplier": 2}, line)


def pooling():
    line, image = draw(2, 7, 3), draw(2, 6, 5, 2)
    for kind in ("Max", "Average"):
        for options in ({"pool_size": 2}, {"pool_size": 3, "strides": 2, "padding": "same"}):
            yield case(f"{kind}Pooling1D", options, line)
            yield case(f"{kind}Pooling2D", options, image)
        yield case(f"{kind}Pooling2D", {"pool_size": (3, 2), "strides": (1, 2)}, image)
        yield case(f"Global{kind}Pooling1D", {}, line)
        yield case(f"Global{kind}Pooling1D", {"keepdims": True, "data_format": "channels_first"}, line)
        yield case(f"Global{kind}Pooling2D", {"keepdims": True}, image)
        yield case(f"Global{kind}Pooling2D", {"data_format": "channels_first"}, image)
    yield case("MaxPooling2D", {}, image)
    mask = np.array([[True, True, False, False, True, False, True], [True, False, False, True, True, True, True]])
    yield case("GlobalAveragePooling1D", {}, line, mask=mask)
    yield case("GlobalAveragePooling1D", {"keepdims": True}, line, mask=mask)


def models():
    """Masks that layers hand on to each other."""
    tokens = np.array([[3, 1, 0, 0], [2, 0, 1, 4]], np.int32)
    table = draw(5, 3)
    kinds = {
        "LSTM": keras.layers.LSTM(2),
        "GRU, all steps": keras.layers.GRU(2, return_sequences=True),
        "GlobalAveragePooling1D": keras.layers.GlobalAveragePooling1D(),
        "LayerNormalization": keras.layers.LayerNormalization(),
    }
    made = {}
    for name, last in kinds.items():
        last.build((None, 4, 3))
        weights = [draw(*v.shape) for v in last.weights]
        last.set_weights(weights)
        embedding = keras.layers.Embedding(5, 3, mask_zero=True, weights=table.astype(np.float32))
        y = last(embedding(tokens))
        mask = getattr(y, "_keras_mask", None)
        made[name] = {
            "tokens": tensor(tokens),
            "table": tensor(table.astype(np.float32)),
            "weights": [tensor(w.astype(np.float32)) for w in weights],
            "y": tensor(y),
            "mask": tensor(mask),
        }
    made["MultiHeadAttention"] = attention_on_masks(tokens, table)
    return made


def attention_on_masks(tokens, table):
    """Query and value carry masks; so does the output."""
    attention = keras.layers.MultiHeadAttention(2, 2)
    attention.build((2, 4, 3), (2, 4, 3))
    weights = [draw(*v.shape).astype(np.float32) for v in attention.weights]
    attention.set_weights(weights)
    x = keras.layers.Embedding(5, 3, mask_zero=True, weights=table.astype(np.float32))(tokens)
    y = attention(x, x)
    return {"tokens": tensor(tokens), "table": tensor(table.astype(np.float32)), "weights": [tensor(w) for w in weights],
            "y": tensor(y), "mask": tensor(getattr(y, "_keras_mask", None))}  # fmt: skip


def names():
    """Paths of all variables, seeds' states among them."""
    made = {
        "LSTM": keras.layers.LSTM(2, name="layer"),
        "MultiHeadAttention": keras.layers.MultiHeadAttention(2, 2, dropout=0.1, name="layer"),
    }
    made["LSTM"].build((None, 4, 3))
    made["MultiHeadAttention"].build((None, 4, 3), (None, 4, 3))
    return {kind: [v.path for v in layer.weights] for kind, layer in made.items()}


def errors():
    layers = keras.layers
    x = np.zeros([2, 4, 3])
    return {
        "Embedding(0, 2)": raised(lambda: layers.Embedding(0, 2)),
        "LSTM(0)": raised(lambda: layers.LSTM(0)),
        "LSTM of rank 2": raised(lambda: layers.LSTM(2, name="layer")(x[0])),
        "MultiHeadAttention(0, 2)": raised(lambda: layers.MultiHeadAttention(0, 2)),
        "Conv2D(0, 2)": raised(lambda: layers.Conv2D(0, 2)),
        "Conv2D(3, 2, groups=2)": raised(lambda: layers.Conv2D(3, 2, groups=2)),
        "Conv2D(2, 2, strides=2, dilation_rate=2)": raised(lambda: layers.Conv2D(2, 2, strides=2, dilation_rate=2)),
        "MaxPooling2D of rank 3": raised(lambda: layers.MaxPooling2D(name="layer")(x)),
    }
