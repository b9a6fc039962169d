"""The first of Keras: layers, optimizers, losses, metrics, training, printed text, configurations."""

import keras_fit
import keras_layers
import keras_losses
import keras_names
import keras_optimizers
import keras_text


def make():
    return {
        "dense": keras_layers.dense_cases(),
        "other_layers": keras_layers.other_layers(),
        "regularizers": keras_layers.regularizers(),
        "constraints": keras_layers.constraints(),
        "initializers": keras_layers.initializers(),
        "optimizers": keras_optimizers.step_cases(),
        "losses": keras_losses.loss_cases(),
        "loss_functions": keras_losses.function_cases(),
        "logits_of_activations": keras_losses.logits_of_activations(),
        "metrics": keras_losses.metric_cases(),
        "accuracy_resolution": keras_losses.accuracy_resolution(),
        "fit": keras_fit.runs(),
        "callback_order": keras_fit.callback_order(),
        "data": keras_fit.data_facts(),
        "errors": keras_fit.errors(),
        "summary": keras_text.summaries(),
        "progress_bar": keras_text.progress_bars(),
        "fit_output": keras_text.fit_outputs(),
        "configs": keras_names.configs(),
        "identifiers": keras_names.identifiers(),
        "auto_names": keras_names.auto_names(),
        "snake_case": keras_names.snake_case(),
    }
