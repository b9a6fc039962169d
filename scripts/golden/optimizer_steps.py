"""Steps of the optimizers that keras_optimizers.py leaves out, and where five optimizers end on Rosenbrock's function."""

import keras
import tensorflow as tf

from encoding import tensor
from keras_optimizers import GRADIENTS, START, variables

CONFIGS = [
    ("Adagrad", {}),
    ("Adagrad", {"learning_rate": 0.1, "initial_accumulator_value": 0.5, "epsilon": 0.01}),
    ("Adagrad", {"weight_decay": 0.1, "learning_rate": 0.1, "clipnorm": 0.5}),
    ("Adadelta", {}),
    ("Adadelta", {"learning_rate": 1.0, "rho": 0.8, "epsilon": 0.01}),
    ("Adamax", {}),
    ("Adamax", {"learning_rate": 0.1, "beta_1": 0.8, "beta_2": 0.9, "epsilon": 0.01}),
    ("Lion", {}),
    ("Lion", {"learning_rate": 0.1, "beta_1": 0.8, "beta_2": 0.9}),
]
# The race of lessons/optimizers.ipynb.
RUNNERS = {
    "SGD": ("SGD", {"learning_rate": 0.001}),
    "momentum": ("SGD", {"learning_rate": 0.001, "momentum": 0.9}),
    "Nesterov": ("SGD", {"learning_rate": 0.001, "momentum": 0.9, "nesterov": True}),
    "RMSprop": ("RMSprop", {"learning_rate": 0.01}),
    "Adam": ("Adam", {"learning_rate": 0.2}),
}


def make():
    return {
        "start": [tensor(value) for value in START],
        "gradients": GRADIENTS,
        "steps": [steps(name, options) for name, options in CONFIGS],
        "race": {title: race(name, options) for title, (name, options) in RUNNERS.items()},
    }


def steps(name, options):
    optimizer, weights = getattr(keras.optimizers, name)(**options), variables()
    after = []
    for gradients in GRADIENTS:
        optimizer.apply([tf.constant(g, tf.float32) for g in gradients], weights)
        after.append([tensor(w.numpy()) for w in weights])
    config = {key: value for key, value in optimizer.get_config().items() if key not in ("name", "learning_rate")}
    return {
        "name": name,
        "options": options,
        "after": after,
        "config": config,
        "variables": [v.path.split("/", 1)[1] for v in optimizer.variables],
    }


def race(name, options):
    """Where 1000 steps from (-1.5, 2) end."""
    optimizer = getattr(keras.optimizers, name)(**options)
    x, y = keras.Variable(-1.5), keras.Variable(2.0)
    for _ in range(1000):
        with tf.GradientTape() as tape:
            height = (1 - x.value) ** 2 + 100 * (y.value - x.value**2) ** 2
        optimizer.apply(tape.gradient(height, [x.value, y.value]), [x, y])
    # Rounding differs in each step and adds up.
    return {"tolerance": 1e-3, "x": float(x.numpy()), "y": float(y.numpy())}
