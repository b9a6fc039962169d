"""Decompositions with their gradients, from TensorFlow: what gradcheck cannot judge is which of the two signs is right."""

import numpy as np
import tensorflow as tf
from encoding import tensor

MATRICES = {
    "square": [[2, -1, 0.5], [1, 3, -2], [-0.5, 1, 4]],
    "tall": [[1, 2], [-3, 0.5], [2, -1]],
    "wide": [[1, -3, 2], [2, 0.5, -1]],
}


def qr_case(name, values):
    matrix = tf.constant(values, dtype=tf.float64)
    with tf.GradientTape() as tape:
        tape.watch(matrix)
        q, r = tf.linalg.qr(matrix)
        q_weights = np.arange(1, 1 + np.prod(q.shape)).reshape(q.shape) / 10
        r_weights = np.cos(np.arange(np.prod(r.shape))).reshape(r.shape)
        total = tf.reduce_sum(q * q_weights) + tf.reduce_sum(r * r_weights)
    return {
        "name": name,
        "matrix": values,
        "q": tensor(q),
        "r": tensor(r),
        "q_weights": tensor(q_weights),
        "r_weights": tensor(r_weights),
        "gradient": tensor(tape.gradient(total, matrix)),
    }


def make():
    return {"qr": [qr_case(name, values) for name, values in MATRICES.items()]}
