"""Losses with every option, metrics over several batches, and how the string "accuracy" is resolved."""

import keras
import numpy as np
import tensorflow as tf
from keras.src.trainers.compile_utils import get_metric

from encoding import number, raised, tensor

TRUE = np.array([[1.0, 2.0, 0.5], [0.0, -1.0, 3.0]], np.float32)
PREDICTED = np.array([[0.5, 2.5, 0.0], [1.0, -1.0, 1.0]], np.float32)
FLAGS = np.array([[1.0], [0.0], [1.0], [0.0]], np.float32)
PROBABILITIES = np.array([[0.9], [0.2], [0.4], [1.0]], np.float32)
LOGITS = np.array([[2.0], [-1.0], [0.0], [30.0]], np.float32)
ONE_HOT = np.array([[1.0, 0.0, 0.0], [0.0, 0.0, 1.0], [0.0, 1.0, 0.0]], np.float32)
CLASSES = np.array([0, 2, 1], np.int32)
CLASS_PROBABILITIES = np.array([[0.7, 0.2, 0.1], [0.1, 0.6, 0.3], [0.0, 1.0, 0.0]], np.float32)
CLASS_LOGITS = np.array([[2.0, 1.0, 0.1], [0.5, -1.0, 3.0], [-50.0, 60.0, 0.0]], np.float32)
UNNORMALISED = CLASS_PROBABILITIES * np.array([[1.0], [2.0], [0.5]], np.float32)
REDUCTIONS = ["sum_over_batch_size", "sum", "mean", "mean_with_sample_weight", "none", None]


def loss_cases():
    cases = []
    for name in ("MeanSquaredError", "MeanAbsoluteError"):
        for reduction in REDUCTIONS:
            for weight in (None, [1.0, 3.0], [[0.0], [2.0]]):
                cases.append(loss(name, {"reduction": reduction}, TRUE, PREDICTED, weight))
        cases.append(loss(name, {}, TRUE, PREDICTED, [0.0, 0.0]))
        cases.append(loss(name, {}, TRUE[:, 0], PREDICTED[:, :1]))
        cases.append(loss(name, {}, FLAGS, LOGITS, 0.5))
    for name, options, y, p in crossentropies():
        for weight in (None, [1.0, 0.0, 2.0, 0.5][: len(p)]):
            cases.append(loss(name, options, y, p, weight))
    for name in (
        "MeanAbsolutePercentageError",
        "MeanSquaredLogarithmicError",
        "Huber",
        "LogCosh",
        "Hinge",
        "CosineSimilarity",
    ):
        cases.append(loss(name, {}, TRUE, PREDICTED))
    return cases


def crossentropies():
    for options in ({}, {"label_smoothing": 0.2}, {"reduction": "sum"}, {"reduction": "none"}):
        yield "BinaryCrossentropy", options, FLAGS, PROBABILITIES
        yield "BinaryCrossentropy", {**options, "from_logits": True}, FLAGS, LOGITS
        yield "CategoricalCrossentropy", options, ONE_HOT, CLASS_PROBABILITIES
        yield "CategoricalCrossentropy", {**options, "from_logits": True}, ONE_HOT, CLASS_LOGITS
        if "label_smoothing" not in options:
            yield "SparseCategoricalCrossentropy", options, CLASSES, CLASS_PROBABILITIES
            yield "SparseCategoricalCrossentropy", {**options, "from_logits": True}, CLASSES, CLASS_LOGITS
    yield "CategoricalCrossentropy", {}, ONE_HOT, UNNORMALISED
    yield "SparseCategoricalCrossentropy", {}, CLASSES, UNNORMALISED
    yield "SparseCategoricalCrossentropy", {}, CLASSES[:, None], CLASS_PROBABILITIES
    yield "SparseCategoricalCrossentropy", {"ignore_class": 2}, CLASSES, CLASS_PROBABILITIES
    yield "BinaryCrossentropy", {}, ONE_HOT, CLASS_PROBABILITIES


def loss(name, options, y_true, y_pred, weight=None):
    """The loss and its gradient by y_pred (of its sum where it is not reduced)."""
    source = tf.constant(y_pred)
    with tf.GradientTape() as tape:
        tape.watch(source)
        value = getattr(keras.losses, name)(**options)(
            y_true, source, None if weight is None else np.array(weight, np.float32)
        )
    return {
        "name": name,
        "options": options,
        "y_true": tensor(y_true),
        "y_pred": tensor(y_pred),
        "sample_weight": weight,
        "loss": tensor(value),
        "grad": tensor(tape.gradient(value, source)),
    }


def function_cases():
    """The functions: one value per sample, no reduction."""
    pairs = [("mean_squared_error", TRUE, PREDICTED, {}), ("mean_absolute_error", TRUE, PREDICTED, {})]
    for options in ({}, {"from_logits": True}, {"label_smoothing": 0.1}):
        logits = "from_logits" in options
        pairs.append(("binary_crossentropy", FLAGS, LOGITS if logits else PROBABILITIES, options))
        pairs.append(("categorical_crossentropy", ONE_HOT, CLASS_LOGITS if logits else CLASS_PROBABILITIES, options))
        if "label_smoothing" not in options:
            pairs.append(
                ("sparse_categorical_crossentropy", CLASSES, CLASS_LOGITS if logits else CLASS_PROBABILITIES, options)
            )
    pairs.append(("categorical_crossentropy", ONE_HOT.T, CLASS_PROBABILITIES.T, {"axis": 0}))
    return [
        {
            "name": name,
            "options": options,
            "y_true": tensor(y),
            "y_pred": tensor(p),
            "result": tensor(getattr(keras.losses, name)(y, p, **options)),
        }
        for name, y, p, options in pairs
    ]


def logits_of_activations():
    """y_pred straight out of a sigmoid or softmax activation: Keras on TensorFlow goes back to the logits; else it clips."""
    cases = []
    for activation, name, y, z in (
        ("sigmoid", "BinaryCrossentropy", FLAGS, np.array([[-200.0], [200.0], [0.3], [-0.2]], np.float32)),
        (
            "softmax",
            "CategoricalCrossentropy",
            ONE_HOT,
            np.array([[-200.0, 0.0, 0.0], [0.0, 200.0, 0.0], [0.1, 0.2, 0.3]], np.float32),
        ),
        (
            "softmax",
            "SparseCategoricalCrossentropy",
            CLASSES,
            np.array([[-200.0, 0.0, 0.0], [0.0, 200.0, 0.0], [0.1, 0.2, 0.3]], np.float32),
        ),
    ):
        found = {}
        for key, passed_on in (("from_activation", lambda p: p), ("from_plain_tensor", tf.identity)):
            source = tf.constant(z)
            with tf.GradientTape() as tape:
                tape.watch(source)
                value = getattr(keras.losses, name)()(y, passed_on(getattr(keras.activations, activation)(source)))
            found[key] = {"loss": tensor(value), "grad": tensor(tape.gradient(value, source))}
        cases.append({"activation": activation, "name": name, "y_true": tensor(y), "logits": tensor(z), **found})
    return cases


def metric_cases():
    regression = [(TRUE, PREDICTED), (TRUE[:1] * 2, PREDICTED[:1])]
    binary = [(FLAGS, PROBABILITIES), (FLAGS[:2], np.array([[0.5], [0.50001]], np.float32))]
    categorical = [(ONE_HOT, CLASS_PROBABILITIES), (ONE_HOT[:1], CLASS_PROBABILITIES[1:2])]
    sparse = [(CLASSES, CLASS_PROBABILITIES), (CLASSES[:1, None], CLASS_PROBABILITIES[1:2])]
    tied = [(np.array([1], np.int32), np.array([[0.5, 0.5]], np.float32))]
    table = [
        ("MeanSquaredError", {}, regression), ("MeanAbsoluteError", {}, regression), ("RootMeanSquaredError", {}, regression),
        ("BinaryAccuracy", {}, binary), ("BinaryAccuracy", {"threshold": 0.3}, binary), ("BinaryAccuracy", {}, categorical),
        ("CategoricalAccuracy", {}, categorical), ("SparseCategoricalAccuracy", {}, sparse), ("SparseCategoricalAccuracy", {}, tied),
        ("Accuracy", {}, [(CLASSES, np.array([0, 1, 1], np.int32))]), ("BinaryCrossentropy", {}, binary),
        ("BinaryCrossentropy", {"from_logits": True, "label_smoothing": 0.1}, [(FLAGS, LOGITS)]),
        ("CategoricalCrossentropy", {}, categorical), ("CategoricalCrossentropy", {"from_logits": True}, [(ONE_HOT, CLASS_LOGITS)]),
        ("SparseCategoricalCrossentropy", {}, sparse), ("SparseCategoricalCrossentropy", {"from_logits": True}, [(CLASSES, CLASS_LOGITS)]),
    ]  # fmt: skip
    weights = [1.0, 0.0, 2.0, 0.5]
    cases = [metric(name, options, batches, None) for name, options, batches in table]
    cases += [metric(name, options, batches, weights) for name, options, batches in table]
    return [*cases, *aggregates()]


def metric(name, options, batches, weights):
    """The result after each batch, and after reset_state; sample weights are the first of the list per batch."""
    instance = getattr(keras.metrics, name)(**options)
    rows = []
    for y, p in batches:
        weight = None if weights is None else weights[: len(p)]
        instance.update_state(y, p, sample_weight=weight)
        rows.append(
            {
                "y_true": tensor(y),
                "y_pred": tensor(p),
                "sample_weight": weight,
                "result": number(float(instance.result())),
            }
        )
    instance.reset_state()
    return {
        "name": name,
        "options": options,
        "metric_name": instance.name,
        "batches": rows,
        "after_reset": number(float(instance.result())),
    }


def aggregates():
    cases = []
    for name in ("Mean", "Sum"):
        instance = getattr(keras.metrics, name)()
        results = []
        for values, weight in (([1.0, 2.0, 6.0], None), ([4.0], 2.0), ([[1.0, 2.0], [3.0, 4.0]], [1.0, 0.0])):
            instance.update_state(values, sample_weight=weight)
            results.append({"values": values, "sample_weight": weight, "result": number(float(instance.result()))})
        cases.append({"name": name, "updates": results})
    return cases


def accuracy_resolution():
    """The class behind each string, by the shapes of y_true and y_pred."""
    shapes = [
        ([4, 1], [4, 1]),
        ([4], [4, 1]),
        ([4], [4, 3]),
        ([4, 1], [4, 3]),
        ([4, 3], [4, 3]),
        ([4], [4]),
        ([4, 5], [4, 5, 3]),
        ([4, 5, 3], [4, 5, 3]),
        ([4, 5, 1], [4, 5, 1]),
    ]
    rows = []
    for identifier in ("accuracy", "acc", "Accuracy"):
        for y_shape, p_shape in shapes:
            resolved = get_metric(identifier, np.zeros(y_shape, np.float32), np.zeros(p_shape, np.float32))
            rows.append(
                {
                    "identifier": identifier,
                    "y_true": y_shape,
                    "y_pred": p_shape,
                    "class": type(resolved).__name__,
                    "name": resolved.name,
                }
            )
    refused = raised(lambda: get_metric("crossentropy", np.zeros([4, 1]), np.zeros([4, 1])))
    return [*rows, {"identifier": "crossentropy", **refused}]
