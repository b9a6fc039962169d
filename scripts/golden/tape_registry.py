"""The gradient registry's names, so that ours uses TensorFlow's op types; and what op types common calls record."""

import re

import tensorflow as tf
from tensorflow.python.framework import ops


def registry():
    entries = {name: record["type"] for name, record in ops._gradient_registry._registry.items()}
    # Functions that custom_gradient registered on import have a counter in their name.
    names = sorted(name for name in entries if not re.search(r"-\d+$", name))
    return {
        "gradients": [name for name in names if entries[name] is not None],
        "not_differentiable": [name for name in names if entries[name] is None],
        "op_types": op_types(),
    }


def op_types():
    """The op type that the last op of each call has in a traced function."""
    x, flags, i = tf.constant([[1.0, 2.0], [3.0, 4.0]]), tf.constant([True, False]), tf.constant([1, 0])
    calls = {
        "add": lambda: x + x, "subtract": lambda: x - x, "multiply": lambda: x * x, "divide": lambda: x / x,
        "negative": lambda: -x, "pow": lambda: x**x, "abs": lambda: tf.abs(x), "sign": lambda: tf.sign(x),
        "square": lambda: tf.square(x), "sqrt": lambda: tf.sqrt(x), "rsqrt": lambda: tf.math.rsqrt(x),
        "reciprocal": lambda: tf.math.reciprocal(x), "exp": lambda: tf.exp(x), "expm1": lambda: tf.math.expm1(x),
        "log": lambda: tf.math.log(x), "log1p": lambda: tf.math.log1p(x), "sigmoid": lambda: tf.sigmoid(x),
        "sin": lambda: tf.sin(x), "cos": lambda: tf.cos(x), "tan": lambda: tf.tan(x), "asin": lambda: tf.asin(x),
        "acos": lambda: tf.acos(x), "atan": lambda: tf.atan(x), "atan2": lambda: tf.atan2(x, x),
        "sinh": lambda: tf.sinh(x), "cosh": lambda: tf.cosh(x), "tanh": lambda: tf.tanh(x),
        "asinh": lambda: tf.asinh(x), "acosh": lambda: tf.acosh(x), "atanh": lambda: tf.atanh(x),
        "erf": lambda: tf.math.erf(x), "erfc": lambda: tf.math.erfc(x),
        "floor": lambda: tf.floor(x), "ceil": lambda: tf.math.ceil(x), "round": lambda: tf.round(x),
        "rint": lambda: tf.math.rint(x), "maximum": lambda: tf.maximum(x, x), "minimum": lambda: tf.minimum(x, x),
        "squared_difference": lambda: tf.math.squared_difference(x, x), "floordiv": lambda: x // x,
        "floormod": lambda: x % x, "truncatediv": lambda: tf.truncatediv(i, i),
        "truncatemod": lambda: tf.truncatemod(x, x), "divide_no_nan": lambda: tf.math.divide_no_nan(x, x),
        "multiply_no_nan": lambda: tf.math.multiply_no_nan(x, x), "xlogy": lambda: tf.math.xlogy(x, x),
        "xdivy": lambda: tf.math.xdivy(x, x), "xlog1py": lambda: tf.math.xlog1py(x, x),
        "equal": lambda: tf.equal(x, x), "not_equal": lambda: tf.not_equal(x, x), "less": lambda: x < x,
        "less_equal": lambda: x <= x, "greater": lambda: x > x, "greater_equal": lambda: x >= x,
        "logical_and": lambda: tf.logical_and(flags, flags), "logical_or": lambda: tf.logical_or(flags, flags),
        "logical_not": lambda: tf.logical_not(flags), "where": lambda: tf.where(flags, x, x),
        "cast": lambda: tf.cast(x, "int32"), "identity": lambda: tf.identity(x), "stop_gradient": lambda: tf.stop_gradient(x),
        "is_nan": lambda: tf.math.is_nan(x), "is_inf": lambda: tf.math.is_inf(x), "is_finite": lambda: tf.math.is_finite(x),
        "reduce_sum": lambda: tf.reduce_sum(x), "reduce_mean": lambda: tf.reduce_mean(x), "reduce_prod": lambda: tf.reduce_prod(x),
        "reduce_max": lambda: tf.reduce_max(x), "reduce_min": lambda: tf.reduce_min(x), "reduce_any": lambda: tf.reduce_any(flags),
        "reduce_all": lambda: tf.reduce_all(flags), "argmax": lambda: tf.argmax(x), "argmin": lambda: tf.argmin(x),
        "cumsum": lambda: tf.cumsum(x), "cumprod": lambda: tf.math.cumprod(x), "reshape": lambda: tf.reshape(x, [4]),
        "transpose": lambda: tf.transpose(x, [1, 0]), "expand_dims": lambda: tf.expand_dims(x, 0),
        "squeeze": lambda: tf.squeeze(x), "broadcast_to": lambda: tf.broadcast_to(x, [2, 2, 2]),
        "slice": lambda: tf.slice(x, [0, 0], [1, 1]), "strided_slice": lambda: x[0], "concat": lambda: tf.concat([x, x], 0),
        "stack": lambda: tf.stack([x, x]), "unstack": lambda: tf.unstack(x), "split": lambda: tf.split(x, 2),
        "split_sizes": lambda: tf.split(x, [1, 1]), "pad": lambda: tf.pad(x, [[1, 1], [0, 0]]),
        "pad_constant": lambda: tf.pad(x, [[1, 1], [0, 0]], constant_values=3), "mirror_pad": lambda: tf.pad(x, [[1, 1], [0, 0]], "REFLECT"),
        "tile": lambda: tf.tile(x, [2, 1]), "reverse": lambda: tf.reverse(x, [0]), "gather": lambda: tf.gather(x, i),
        "gather_nd": lambda: tf.gather_nd(x, [[0, 1]]), "one_hot": lambda: tf.one_hot(i, 2), "matmul": lambda: tf.matmul(x, x),
        "batch_matmul": lambda: tf.matmul(x[None], x[None]), "range": lambda: tf.range(i[0]), "fill": lambda: tf.fill(i, 1.0),
        "relu": lambda: tf.nn.relu(x),
        "relu6": lambda: tf.nn.relu6(x), "leaky_relu": lambda: tf.nn.leaky_relu(x), "elu": lambda: tf.nn.elu(x),
        "selu": lambda: tf.nn.selu(x), "softplus": lambda: tf.nn.softplus(x), "softsign": lambda: tf.nn.softsign(x),
        "softmax": lambda: tf.nn.softmax(x), "log_softmax": lambda: tf.nn.log_softmax(x), "l2_loss": lambda: tf.nn.l2_loss(x),
        "add_n": lambda: tf.add_n([x, x]), "random_uniform": lambda: tf.random.uniform([2]),
    }  # fmt: skip
    return {name: recorded_type(call) for name, call in calls.items()}


def recorded_type(call):
    """The op type that made the call's result in a traced graph, below the identity that tracing adds."""
    result = tf.function(call, autograph=False).get_concrete_function().graph.outputs[0].op
    return result.inputs[0].op.type if result.type == "Identity" and result.inputs else result.type
