"""Convolutions and pools in TensorFlow, with first and second gradients.

What goes in is worked out from the shapes, here by filled() and in the test by the same formula.
"""

import tensorflow as tf
from encoding import tensor
from op_cases import as_list, encoded, raised

PAIRS = [[0, 0], [2, 1], [0, 3], [0, 0]]


def specs():
    """(name, shapes of the inputs, attributes)"""
    yield from convolutions()
    yield from transposed_convolutions()
    yield from pools()


def convolutions():
    yield "tf.nn.conv1d", [[2, 7, 3], [3, 3, 2]], {"stride": 2, "padding": "SAME"}
    yield "tf.nn.conv1d", [[2, 3, 9, 2], [2, 2, 3]], {"stride": 1, "padding": "VALID", "dilations": 3}
    yield "tf.nn.conv1d", [[2, 3, 7], [4, 3, 2]], {"stride": 1, "padding": "SAME", "data_format": "NCW"}
    for padding in ["SAME", "VALID", PAIRS]:
        for strides, dilations in [(1, 1), (2, 1), ([1, 3, 2, 1], 1), (1, [2, 3]), (2, 2)]:
            attrs = {"strides": strides, "padding": padding, "dilations": dilations}
            yield "tf.nn.conv2d", [[2, 7, 8, 2], [3, 2, 2, 3]], attrs
    yield "tf.nn.conv2d", [[1, 5, 4, 3], [1, 1, 3, 2]], {"strides": 1, "padding": "SAME"}
    yield "tf.nn.conv2d", [[1, 5, 4, 3], [1, 1, 3, 2]], {"strides": 2, "padding": "VALID"}
    yield "tf.nn.conv2d", [[1, 6, 5, 6], [2, 3, 2, 9]], {"strides": [2, 1], "padding": "SAME"}
    yield "tf.nn.conv2d", [[2, 2, 5, 4, 2], [2, 2, 2, 1]], {"strides": 1, "padding": "SAME"}
    yield "tf.nn.conv2d", [[2, 2, 5, 6], [2, 3, 2, 3]], {"strides": 2, "padding": "SAME", "data_format": "NCHW"}
    yield "tf.nn.conv3d", [[1, 4, 5, 3, 2], [2, 3, 2, 2, 3]], {"strides": [1] * 5, "padding": "SAME"}
    yield "tf.nn.conv3d", [[2, 4, 5, 3, 1], [2, 2, 2, 1, 2]], {"strides": [1, 2, 3, 1, 1], "padding": "VALID"}
    attrs = {"strides": [1] * 5, "padding": "SAME", "dilations": [1, 2, 1]}
    yield "tf.nn.conv3d", [[1, 3, 5, 4, 2], [2, 2, 3, 2, 1]], attrs
    yield "tf.nn.convolution", [[1, 6, 5, 2], [2, 2, 2, 2]], {}
    yield "tf.nn.convolution", [[1, 9, 2], [3, 2, 2]], {"strides": 2, "padding": "SAME"}
    yield "tf.nn.atrous_conv2d", [[1, 6, 7, 2], [2, 3, 2, 2]], {"rate": 2, "padding": "SAME"}
    for attrs in [{"padding": "SAME"}, {"padding": "VALID", "dilations": [2, 2]}, {"padding": PAIRS}]:
        for stride in [1, 2]:
            if stride == 1 or "dilations" not in attrs:
                full = {"strides": [1, stride, stride, 1], **attrs}
                yield "tf.nn.depthwise_conv2d", [[2, 5, 6, 3], [3, 2, 3, 2]], full
    filters = [[2, 3, 2, 2], [1, 1, 4, 3]]
    yield "tf.nn.separable_conv2d", [[1, 5, 6, 2], *filters], {"strides": [1, 2, 2, 1], "padding": "SAME"}


def transposed_convolutions():
    for shape, strides, padding in [
        ([2, 8, 7, 3], 2, "SAME"),
        ([2, 9, 9, 3], 2, "VALID"),
        ([2, 11, 12, 3], 3, "SAME"),
        ([2, 6, 5, 3], 2, PAIRS),
        ([2, 4, 4, 3], 1, "SAME"),
    ]:
        attrs = {"output_shape": shape, "strides": strides, "padding": padding}
        yield "tf.nn.conv2d_transpose", [[2, 4, 4, 2], [3, 2, 3, 2]], attrs
    attrs = {"output_shape": [1, 8, 6, 3], "strides": 1, "padding": "VALID", "dilations": [2, 1]}
    yield "tf.nn.conv2d_transpose", [[1, 4, 5, 2], [3, 2, 3, 2]], attrs
    yield "tf.nn.conv1d_transpose", [[2, 4, 2], [3, 3, 2]], {"output_shape": [2, 7, 3], "strides": 2}
    attrs = {"output_shape": [1, 3, 4, 6, 2], "strides": [1, 1, 2, 2, 1]}
    yield "tf.nn.conv3d_transpose", [[1, 3, 2, 3, 1], [2, 3, 2, 2, 1]], attrs
    yield "tf.nn.conv_transpose", [[2, 4, 2], [3, 3, 2]], {"output_shape": [2, 8, 3], "strides": 2}


def pools():
    for kind in ["max", "avg"]:
        for padding in ["SAME", "VALID"]:
            for ksize, strides in [(2, 2), (3, 2), ([2, 3], [1, 2]), (1, 2), ([1, 3, 2, 1], [1, 1, 1, 1])]:
                attrs = {"ksize": ksize, "strides": strides, "padding": padding}
                yield f"tf.nn.{kind}_pool2d", [[2, 5, 6, 3]], attrs
            attrs = {"ksize": 3, "strides": 2, "padding": padding}
            yield f"tf.nn.{kind}_pool1d", [[2, 8, 2]], attrs
            yield f"tf.nn.{kind}_pool3d", [[1, 4, 3, 5, 2]], {**attrs, "ksize": [2, 2, 3]}
        attrs = {"ksize": 2, "strides": 2, "padding": "SAME"}
        yield f"tf.nn.{kind}_pool", [[2, 5, 2]], attrs
        yield f"tf.nn.{kind}_pool2d", [[2, 3, 5, 4]], {**attrs, "data_format": "NCHW"}
        yield "tf.nn.pool", [[1, 4, 5, 2]], {"window_shape": [2, 3], "pooling_type": kind.upper()}
    attrs = {"ksize": 3, "strides": 2, "padding": [[0, 0], [1, 2], [2, 0], [0, 0]]}
    yield "tf.nn.max_pool2d", [[2, 5, 6, 2]], attrs
    for batch in [False, True]:
        attrs = {"ksize": [3, 2], "strides": [2, 1], "padding": "SAME", "include_batch_in_index": batch}
        yield "tf.nn.max_pool_with_argmax", [[2, 5, 4, 2]], attrs


ERRORS = [
    ("tf.nn.conv2d", [[1, 2, 2, 1], [4, 4, 1, 1]], {"strides": 1, "padding": "VALID"}),
    ("tf.nn.conv2d", [[1, 4, 4, 3], [2, 2, 2, 2]], {"strides": 1, "padding": "SAME"}),
    ("tf.nn.conv2d", [[1, 4, 4, 4], [2, 2, 2, 3]], {"strides": 1, "padding": "SAME"}),
    ("tf.nn.conv2d", [[1, 4, 4, 2], [2, 2, 2, 2]], {"strides": 0, "padding": "SAME"}),
    (
        "tf.nn.conv2d_transpose",
        [[1, 4, 4, 2], [3, 3, 5, 2]],
        {"output_shape": [1, 9, 8, 5], "strides": 2, "padding": "SAME"},
    ),
    (
        "tf.nn.max_pool2d",
        [[1, 4, 4, 2]],
        {"ksize": 2, "strides": 2, "padding": [[0, 0], [1, 1], [2, 1], [0, 0]]},
    ),
]


def call(name, inputs, attrs):
    """TensorFlow on the CPU, which has no gradients for dilated filters and wants the channels last.

    So dilated filters get zeros between their elements, and cases with channels first are transposed there and back.
    """
    function = getattr(tf.nn, name.removeprefix("tf.nn."))
    if "dilations" in attrs and name != "tf.nn.depthwise_conv2d":
        rest = {key: value for key, value in attrs.items() if key != "dilations"}
        return call(name, [inputs[0], spaced(inputs[1], attrs["dilations"])], rest)
    if not attrs.get("data_format", "").startswith("NC"):
        return as_list(in_groups(function, *inputs, **attrs) if name == "tf.nn.conv2d" else function(*inputs, **attrs))
    last = attrs["data_format"].replace("C", "") + "C"
    spatial = range(2, len(inputs[0].shape))
    image = tf.transpose(inputs[0], [0, *spatial, 1])
    [result] = call(name, [image, *inputs[1:]], {**attrs, "data_format": last})
    return [tf.transpose(result, [0, len(spatial) + 1, *range(1, len(spatial) + 1)])]


def in_groups(function, image, filters, **attrs):
    """A convolution with groups of channels, which has no gradient on the CPU, as one without for each group."""
    output = function(image, filters, **attrs)
    groups = image.shape[-1] // filters.shape[-2]
    if groups == 1:
        return output
    pairs = zip(tf.split(image, groups, -1), tf.split(filters, groups, -1))
    result = tf.concat([function(x, filter, **attrs) for x, filter in pairs], -1)
    tf.debugging.assert_near(result, output)
    return result


def spaced(filters, dilations):
    """The filters with zeros between their elements."""
    spatial = len(filters.shape) - 2
    for axis, rate in enumerate([dilations] * spatial if isinstance(dilations, int) else dilations):
        before, after = filters.shape[:axis], filters.shape[axis + 1 :]
        size = filters.shape[axis]
        rows = tf.reshape(filters, [*before, size, 1, *after])
        paddings = [[0, rate - 1 if i == axis + 1 else 0] for i in range(len(rows.shape))]
        widened = tf.reshape(tf.pad(rows, paddings), [*before, size * rate, *after])
        reach = (size - 1) * rate + 1
        filters = tf.gather(widened, tf.range(reach), axis=axis)
    return filters


def filled(shape, dtype, offset):
    """Quarters, so that float32 sums are exact; equal ones fall into the same window.

    Not so over three axes, where TensorFlow gives the gradient to all that are largest, not to the first.
    """
    size = 1
    for n in shape:
        size *= n
    if len(shape) == 5:
        values = [((37 * i + offset) % 127 - 63) / 4 for i in range(size)]
    else:
        values = [((i * i + 5 * i + 2 + offset) % 13 - 6) / 4 for i in range(size)]
    return tf.constant(values, dtype, shape)


def run(name, shapes, attrs, dtype):
    """The output, the gradients of its sum with weights, and those of the sum of the squares of these gradients."""
    inputs = [filled(shape, dtype, i) for i, shape in enumerate(shapes)]
    with tf.GradientTape(persistent=True) as outer:
        outer.watch(inputs)
        with tf.GradientTape() as inner:
            inner.watch(inputs)
            outputs = call(name, inputs, attrs)
            total = tf.reduce_sum(outputs[0] * filled(outputs[0].shape, dtype, 5))
        first = inner.gradient(total, inputs)
        squares = tf.add_n([tf.reduce_sum(g * g) for g in first])
    results = {"output": outputs, "grads": first}
    try:
        return {**results, "second": outer.gradient(squares, inputs)}
    except (AttributeError, LookupError, tf.errors.OpError):
        # Not everywhere does TensorFlow get through a gradient of a gradient.
        return results


def case(name, shapes, attrs):
    """Results in float64, after those in float32 were seen to agree; three axes are pooled in float32 alone."""
    results = run(name, shapes, attrs, "float32")
    if not name.endswith("pool3d"):
        single, results = results, run(name, shapes, attrs, "float64")
        for key, values in results.items():
            for one, other in zip(single[key], values):
                if other is None:
                    continue
                tf.debugging.assert_near(tf.cast(one, tf.float64), tf.cast(other, tf.float64), 1e-5, 1e-5)
    lists = {key: [tensor(value) for value in values] for key, values in results.items()}
    return {"name": name, "inputs": shapes, "attrs": encoded(attrs), **lists}


def error_case(name, shapes, attrs):
    inputs = [filled(shape, "float32", i) for i, shape in enumerate(shapes)]
    found = raised(lambda: call(name, inputs, attrs))
    return {"name": name, "inputs": shapes, "attrs": encoded(attrs), "error": found["error"]}


def make():
    return {"cases": [case(*spec) for spec in specs()], "errors": [error_case(*spec) for spec in ERRORS]}
