"""Five steps of each optimizer with given gradients: the weights after every step."""

import keras
import numpy as np
import tensorflow as tf

from encoding import number, tensor

START = [np.array([[1.0, -2.0], [0.5, 3.0]], np.float32), np.array([0.1, -0.1], np.float32)]
GRADIENTS = [
    [[[0.1, -0.2], [0.3, 0.4]], [0.5, -0.5]],
    [[[1.0, 2.0], [-3.0, 0.0]], [0.0, 0.25]],
    [[[-0.1, 0.1], [0.01, -0.01]], [2.0, 1.0]],
    [[[0.0, 0.0], [0.0, 0.0]], [0.0, 0.0]],
    [[[5.0, -5.0], [0.5, 1e-4]], [-1.0, 1e-6]],
]
CONFIGS = [
    ("SGD", {}), ("SGD", {"learning_rate": 0.1}), ("SGD", {"momentum": 0.9}), ("SGD", {"momentum": 0.9, "nesterov": True}),
    ("SGD", {"nesterov": True}), ("SGD", {"weight_decay": 0.1}), ("SGD", {"momentum": 0.5, "weight_decay": 0.1, "learning_rate": 0.1}),
    ("SGD", {"clipnorm": 1.0}), ("SGD", {"clipvalue": 0.3}), ("SGD", {"global_clipnorm": 1.0}),
    ("SGD", {"learning_rate": 0.1, "use_ema": True, "ema_momentum": 0.5, "ema_overwrite_frequency": 2}),
    ("SGD", {"learning_rate": 0.1, "gradient_accumulation_steps": 2}),
    ("SGD", {"learning_rate": 0.1, "loss_scale_factor": 4.0}),
    ("Adam", {}), ("Adam", {"learning_rate": 0.1, "beta_1": 0.8, "beta_2": 0.9, "epsilon": 0.01}), ("Adam", {"amsgrad": True, "learning_rate": 0.1}),
    ("Adam", {"weight_decay": 0.1, "learning_rate": 0.1}), ("Adam", {"clipnorm": 0.5}), ("Adam", {"clipvalue": 0.1}), ("Adam", {"global_clipnorm": 0.5}),
    ("RMSprop", {}), ("RMSprop", {"rho": 0.5, "epsilon": 0.01}), ("RMSprop", {"momentum": 0.9}), ("RMSprop", {"centered": True}),
    ("RMSprop", {"centered": True, "momentum": 0.9, "learning_rate": 0.01}), ("RMSprop", {"weight_decay": 0.1, "learning_rate": 0.1}),
    ("RMSprop", {"clipnorm": 0.5}), ("RMSprop", {"clipvalue": 0.1}), ("RMSprop", {"global_clipnorm": 0.5}),
    ("AdamW", {}), ("Adagrad", {}), ("Adamax", {}), ("Nadam", {}),
]  # fmt: skip


def step_cases():
    return [
        *(steps(name, options) for name, options in CONFIGS),
        scheduled(),
        *(sparse(name) for name in ("SGD", "Adam", "RMSprop")),
        partly_none(),
    ]


def variables():
    return [keras.Variable(value, name=name) for value, name in zip(START, ("kernel", "bias"))]


def steps(name, options):
    keras.utils.clear_session()  # the variables' paths begin with the optimizer's automatic name
    optimizer, weights = getattr(keras.optimizers, name)(**options), variables()
    after = []
    for gradients in GRADIENTS:
        optimizer.apply([tf.constant(g, tf.float32) for g in gradients], weights)
        after.append([tensor(w.numpy()) for w in weights])
    return {
        "name": name,
        "options": options,
        "start": [tensor(value) for value in START],
        "gradients": GRADIENTS,
        "after": after,
        "variables": [{"path": v.path, "dtype": v.dtype, "shape": list(v.shape)} for v in optimizer.variables],
        "iterations": int(optimizer.iterations),
        "learning_rate": number(float(optimizer.learning_rate)),
    }


def scheduled():
    """A schedule is read at the step's index, from 0."""
    schedule = keras.optimizers.schedules.ExponentialDecay(0.1, decay_steps=2, decay_rate=0.5, staircase=True)
    optimizer, weights = keras.optimizers.SGD(schedule), variables()
    after = []
    for gradients in GRADIENTS:
        optimizer.apply([tf.constant(g, tf.float32) for g in gradients], weights)
        after.append([tensor(w.numpy()) for w in weights])
    return {
        "name": "SGD",
        "schedule": "0.1 * 0.5 ** floor(step / 2)",
        "start": [tensor(v) for v in START],
        "gradients": GRADIENTS,
        "after": after,
    }


def sparse(name):
    """Three steps of a gradient for rows [1, 3, 1] of a 4 x 2 variable."""
    optimizer = getattr(keras.optimizers, name)(learning_rate=0.1)
    rows = keras.Variable(np.arange(8, dtype="float32").reshape(4, 2), name="rows")
    slices = tf.IndexedSlices(
        tf.constant([[1.0, 2.0], [3.0, -4.0], [0.5, 0.5]]), tf.constant([1, 3, 1]), tf.constant([4, 2])
    )
    after = []
    for _ in range(3):
        optimizer.apply([slices], [rows])
        after.append(tensor(rows.numpy()))
    return {
        "name": name,
        "options": {"learning_rate": 0.1},
        "indices": [1, 3, 1],
        "values": tensor(slices.values),
        "after": after,
    }


def partly_none():
    """A missing gradient leaves its variable alone."""
    optimizer, weights = keras.optimizers.SGD(0.1), variables()
    optimizer.apply_gradients([(None, weights[0]), (tf.constant([1.0, 2.0]), weights[1])])
    return {
        "name": "SGD",
        "options": {"learning_rate": 0.1},
        "only": "bias",
        "gradient": [1, 2],
        "after": [tensor(w.numpy()) for w in weights],
    }
