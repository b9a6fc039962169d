"""The numbers of the lesson: gradient descent by hand and by tape, the AND neuron, the AND model, log(1 + exp(x)) at 100."""

import keras
import numpy as np
import tensorflow as tf

from encoding import number, numbers, tensor

AND_ROWS = [[1.0, 1.0], [0.0, 1.0], [1.0, 0.0], [0.0, 0.0]]
EPOCHS_COLUMNS = ["weight 0", "weight 1", "bias", *(f"loss of row {i}" for i in range(4))]


def make():
    return {
        "descent_by_hand": descent_by_hand(),
        "descent_by_tape": descent_by_tape(),
        "descent_in_two_variables": descent_in_two_variables(),
        "and_neuron": and_neuron(),
        "and_dense_layer": and_dense_layer(),
        "and_model": and_model(),
        "log1pexp": log1pexp_gradients(),
    }


def parabola(x):
    return x**2 - 6 * x + 5


def descent_by_hand():
    """Python floats, so double precision."""
    x = 0
    path = [x]
    for _ in range(20):
        x = x - 0.1 * (2 * x - 6)
        path.append(x)
    return {"dtype": "float64", "path": numbers(path)}


def descent_by_tape():
    x = tf.Variable(0.0)
    path, values, gradients = [], [], []
    for _ in range(20):
        with tf.GradientTape() as tape:
            y = parabola(x)
        gradient = tape.gradient(y, x)
        x.assign_sub(0.1 * gradient)
        path.append(x.numpy())
        values.append(y.numpy())
        gradients.append(gradient.numpy())
    return {"dtype": "float32", "path": numbers(path), "y": numbers(values), "gradients": numbers(gradients)}


def descent_in_two_variables():
    """After each step: the new x and y, and z as it was before the step."""
    x, y = tf.Variable(-3.0), tf.Variable(3.0)
    path = []
    for _ in range(100):
        with tf.GradientTape() as tape:
            z = (x - 1) ** 2 + (y - 1) ** 2
        dx, dy = tape.gradient(z, [x, y])
        x.assign_sub(0.1 * dx)
        y.assign_sub(0.1 * dy)
        path.append(numbers([x.numpy(), y.numpy(), z.numpy()]))
    return {"dtype": "float32", "path": path}


def and_neuron():
    weights = tf.Variable(np.array([0.5, 0.5]))
    bias = tf.Variable(0.3, dtype="float64")

    def neuron(x):
        return tf.keras.activations.relu(tf.reduce_sum(tf.multiply(weights, x)) + bias)

    epochs = []
    for _ in range(100):
        losses = []
        for row in AND_ROWS:
            x = tf.constant(row, dtype="float64")
            with tf.GradientTape() as tape:
                loss = (neuron(x) - row[0] * row[1]) ** 2
            for variable, gradient in zip([weights, bias], tape.gradient(loss, [weights, bias])):
                variable.assign_sub(gradient * 0.1)
            losses.append(loss.numpy())
        epochs.append(numbers([*weights.numpy(), bias.numpy(), *losses]))
    outputs = [neuron(tf.constant(row, dtype="float64")).numpy() for row in AND_ROWS]
    return {
        "dtype": "float64",
        "weights": tensor(weights),
        "bias": tensor(bias),
        "inputs": AND_ROWS,
        "outputs": numbers(outputs),
        "epochs_columns": EPOCHS_COLUMNS,
        "epochs": epochs,
    }


def and_dense_layer():
    layer = keras.layers.Dense(1, activation="relu")
    layer.build((None, 2))
    layer.set_weights([np.array([[0.5], [0.3]]), np.array([0.0])])
    epochs = []
    for _ in range(100):
        losses = []
        for row in AND_ROWS:
            with tf.GradientTape() as tape:
                loss = (layer(tf.constant([row])) - row[0] * row[1]) ** 2
            for variable, gradient in zip(layer.trainable_variables, tape.gradient(loss, layer.trainable_variables)):
                variable.assign_sub(gradient * 0.1)
            losses.append(loss.numpy()[0, 0])
        epochs.append(numbers([*layer.kernel.numpy().ravel(), layer.bias.numpy()[0], *losses]))
    return {
        "dtype": "float32",
        "tolerance": 1e-5,
        "initial": {"kernel": [[0.5], [0.3]], "bias": [0]},
        "kernel": tensor(layer.kernel),
        "bias": tensor(layer.bias),
        "inputs": AND_ROWS,
        "outputs": numbers(layer(tf.constant(AND_ROWS)).numpy()),
        "epochs_columns": EPOCHS_COLUMNS,
        "epochs": epochs,
    }


def and_model():
    """1000 epochs of Adam. Rounding differences grow with the epochs, hence the wider tolerance."""
    model = keras.Sequential([keras.layers.Dense(1, activation="relu")])
    model.compile(loss="mean_squared_error", optimizer="adam", metrics=["accuracy"])
    x = np.array([[1.0, 1.0], [1.0, 0.0], [0.0, 1.0], [0.0, 0.0]])
    y = np.array([[1.0], [0.0], [0.0], [0.0]])
    model.build((None, 2))
    model.set_weights([np.array([[0.5], [0.3]]), np.array([0.0])])
    history = model.fit(x, y, epochs=1000, batch_size=4, shuffle=False, verbose=0).history
    kernel, bias = model.layers[0].trainable_variables
    return {
        "dtype": "float32",
        "tolerance": 1e-5,
        "initial": {"kernel": [[0.5], [0.3]], "bias": [0]},
        "x": x.tolist(),
        "y": y.tolist(),
        "history_keys": list(history),
        "first_20": {key: numbers(values[:20]) for key, values in history.items()},
        "every_100th": {key: numbers(values[99::100]) for key, values in history.items()},
        "kernel": tensor(kernel.numpy()),
        "bias": tensor(bias.numpy()),
        "predict": tensor(model.predict(x, verbose=0)),
        "evaluate": numbers(model.evaluate(x, y, batch_size=4, verbose=0)),
    }


def log1pexp_gradients():
    def naive(x):
        return tf.math.log(1 + tf.exp(x))

    @tf.custom_gradient
    def stable(x):
        e = tf.exp(x)
        return tf.math.log(1 + e), lambda upstream: upstream * (1 - 1 / (1 + e))

    cases = []
    for value in (0.0, 1.0, -3.0, 10.0, 88.0, 89.0, 100.0):
        x = tf.Variable(value)
        with tf.GradientTape(persistent=True) as tape:
            of_naive, of_stable = naive(x), stable(x)
        naive_gradient, stable_gradient = tape.gradient(of_naive, x), tape.gradient(of_stable, x)
        cases.append(
            {
                "dtype": "float32",
                "x": value,
                "y": number(of_naive.numpy()),
                "naive_gradient": number(naive_gradient.numpy()),
                "custom_gradient": number(stable_gradient.numpy()),
                "printed": [str(naive_gradient), str(stable_gradient)],
            }
        )
    return cases
