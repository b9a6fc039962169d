"""A table of small experiments: a name, what is done in one line, and what came out."""

import tensorflow as tf

from encoding import number


class Table:
    """Collects the functions it decorates; results() runs them in order."""

    def __init__(self):
        self.experiments = []

    def __call__(self, name, what):
        def add(function):
            self.experiments.append((name, what, function))
            return function

        return add

    def results(self):
        return [{"name": name, "what": what, "result": plain(function())} for name, what, function in self.experiments]


def plain(value):
    """Tensors as nested lists, None as null, IndexedSlices by their parts, structures kept."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, tf.IndexedSlices):
        return {"indices": plain(value.indices), "values": plain(value.values), "dense_shape": plain(value.dense_shape)}
    if isinstance(value, (tf.Tensor, tf.Variable)):
        return plain(value.numpy().tolist())
    if value is None or isinstance(value, (str, bool)):
        return value
    return number(value)


def gradient(function, *points, **options):
    """The gradient of function at the points, one per point, each watched as a constant."""
    sources = [tf.constant(point) for point in points]
    with tf.GradientTape() as tape:
        tape.watch(sources)
        target = function(*sources)
    return tape.gradient(target, sources, **options)
