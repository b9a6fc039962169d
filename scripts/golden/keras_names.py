"""Configurations, identifier strings, automatic names, to_snake_case."""

import json

import keras
from keras.src.utils.naming import to_snake_case

from encoding import raised

NAMES = [
    "Dense", "Conv2D", "MaxPooling2D", "LSTM", "GRUCell", "PReLU", "ReLU", "LeakyReLU", "TimeDistributed", "BatchNormalization", "Sequential",
    "MyModel", "InputLayer", "GlobalAveragePooling1D", "SGD", "RMSprop", "AdamW", "MeanSquaredError", "AUC", "F1Score", "R2Score", "RNN",
    "A", "aB", "Ab", "ABC", "ABc", "my_layer", "My_Layer", "Conv2DTranspose", "Layer3", "HTTPServer", "x", "Été", "A1B2", "NeuralODE2Net",
]  # fmt: skip


def configs():
    made = {
        "Dense(3)": keras.layers.Dense(3, name="d"),
        "Dense(all)": keras.layers.Dense(
            3, activation="relu", use_bias=False, kernel_initializer=keras.initializers.HeNormal(seed=1), kernel_regularizer="l2",
            bias_regularizer=keras.regularizers.L1L2(0.1, 0.2), activity_regularizer="l1", kernel_constraint="max_norm", name="d",
        ),
        "Activation('relu')": keras.layers.Activation("relu", name="a"),
        "Dropout(0.5)": keras.layers.Dropout(0.5, name="d"),
        "Dropout(0.5, seed=3)": keras.layers.Dropout(0.5, noise_shape=(None, 1), seed=3, name="d"),
        "Flatten()": keras.layers.Flatten(name="f"),
        "InputLayer((2,))": keras.layers.InputLayer((2,), name="i"),
        "Sequential([Input, Dense])": keras.Sequential([keras.Input((2,), name="i"), keras.layers.Dense(1, name="d")], name="s"),
        "SGD()": keras.optimizers.SGD(),
        "SGD(momentum)": keras.optimizers.SGD(0.1, momentum=0.9, nesterov=True, weight_decay=0.01, clipnorm=1.0),
        "Adam()": keras.optimizers.Adam(),
        "RMSprop()": keras.optimizers.RMSprop(),
    }  # fmt: skip
    for name in (
        "MeanSquaredError",
        "MeanAbsoluteError",
        "BinaryCrossentropy",
        "CategoricalCrossentropy",
        "SparseCategoricalCrossentropy",
    ):
        made[f"losses.{name}()"] = getattr(keras.losses, name)()
        made[f"metrics.{name}()"] = getattr(keras.metrics, name)()
    for name in ("BinaryAccuracy", "CategoricalAccuracy", "SparseCategoricalAccuracy", "Accuracy", "Mean"):
        made[f"metrics.{name}()"] = getattr(keras.metrics, name)()
    for name in (
        "GlorotUniform",
        "Zeros",
        "Ones",
        "HeNormal",
        "RandomNormal",
        "RandomUniform",
        "Constant",
        "VarianceScaling",
    ):
        made[f"initializers.{name}()"] = getattr(keras.initializers, name)()
    for name in ("L1", "L2", "L1L2"):
        made[f"regularizers.{name}()"] = getattr(keras.regularizers, name)()
    for name in ("MaxNorm", "NonNeg", "UnitNorm", "MinMaxNorm"):
        made[f"constraints.{name}()"] = getattr(keras.constraints, name)()
    return {
        name: {"class": type(thing).__name__, "get_config": json.loads(json.dumps(thing.get_config()))}
        for name, thing in made.items()
    }


def identifiers():
    """What get(string) gives: the class and its name, or the function; or the error."""
    return {
        "losses": {name: described(keras.losses.get, name) for name in (
            "mse", "MSE", "mean_squared_error", "MeanSquaredError", "mae", "MAE", "mean_absolute_error", "bce", "BCE", "binary_crossentropy",
            "BinaryCrossentropy", "categorical_crossentropy", "CategoricalCrossentropy", "sparse_categorical_crossentropy",
            "SparseCategoricalCrossentropy", "huber", "log_cosh", "mean_squared_eror")},
        "metrics": {name: described(keras.metrics.get, name) for name in (
            "mse", "MSE", "mean_squared_error", "MeanSquaredError", "mae", "bce", "binary_crossentropy", "categorical_crossentropy",
            "sparse_categorical_crossentropy", "binary_accuracy", "BinaryAccuracy", "categorical_accuracy", "sparse_categorical_accuracy",
            "accuracy", "Accuracy", "acc", "nonsense")},
        "optimizers": {name: described(keras.optimizers.get, name) for name in ("sgd", "SGD", "adam", "Adam", "rmsprop", "RMSprop", "adamw", "nadam", "lamb", "nonsense")},
        "activations": {name: described(keras.activations.get, name) for name in (
            None, "linear", "relu", "relu6", "swish", "silu", "hard_swish", "softmax", "sigmoid", "tanh", "gelu", "elu", "selu", "mish", "nonsense")},
        "initializers": {name: described(keras.initializers.get, name) for name in (
            "glorot_uniform", "GlorotUniform", "zeros", "zero", "Zeros", "ones", "one", "he_normal", "HeNormal", "random_normal", "normal",
            "uniform", "random_uniform", "nonsense")},
        "regularizers": {name: described(keras.regularizers.get, name) for name in ("l1", "L1", "l2", "L2", "l1l2", "L1L2", "l1_l2", "nonsense")},
        "constraints": {name: described(keras.constraints.get, name) for name in ("max_norm", "MaxNorm", "non_neg", "NonNeg", "unit_norm", "min_max_norm", "nonsense")},
    }  # fmt: skip


def described(get, identifier):
    try:
        found = get(identifier)
    except ValueError:
        return raised(lambda: get(identifier))
    if hasattr(found, "__name__"):
        return {"function": found.__name__}
    return {"class": type(found).__name__, "name": getattr(found, "name", None)}


def auto_names():
    keras.utils.clear_session()
    layers = [keras.layers.Dense(1), keras.layers.Dense(1), keras.layers.Dropout(0.5), keras.layers.Activation("relu"), keras.layers.Flatten(),
              keras.layers.Dense(1, name="mine"), keras.layers.Dense(1), keras.layers.ReLU(), keras.layers.InputLayer((2,))]  # fmt: skip
    models = [keras.Sequential(), keras.Sequential()]
    inputs = keras.Input((2,))
    models.append(keras.Model(inputs, keras.layers.Dense(1)(inputs)))
    metrics = [keras.metrics.MeanSquaredError(), keras.metrics.Mean()]
    optimizers = [keras.optimizers.SGD(), keras.optimizers.SGD(), keras.optimizers.Adam()]
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(3, name="a"), keras.layers.Dense(1)], name="seq")
    before = [thing.name for thing in (*layers, *models, *metrics, *optimizers)]
    keras.utils.clear_session()
    return {
        "in_order": before,
        "after_clear_session": keras.layers.Dense(1).name,
        "variable_paths": [v.path for v in model.variables],
        "variable_names": [v.name for v in model.variables],
    }


def snake_case():
    return {name: to_snake_case(name) for name in NAMES}
