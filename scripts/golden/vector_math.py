"""Mathematical functions at points of their whole ranges, correctly rounded to float64: mpmath with enough digits for each."""

import math
import random

import mpmath
import numpy as np

from encoding import number

FUNCTIONS = {
    "exp": mpmath.exp,
    "expm1": mpmath.expm1,
    "tanh": mpmath.tanh,
    "log": mpmath.log,
    "log1p": mpmath.log1p,
    "erf": mpmath.erf,
    "sin": mpmath.sin,
    "cos": mpmath.cos,
    "tan": mpmath.tan,
}
# Near multiples of pi/2 as float64 goes: the argument keeps hardly a bit of its own after the reduction.
NEAR_HALF_PI = [math.pi / 2, math.pi, 1.5 * math.pi, 22.0, 355.0, 1e22, 6381956970095103.0 * 2.0**797]
EDGES = {
    "exp": [709.78, -708.5, -740.0, -745.1],
    "expm1": [709.78, -37.0, 1e-300],
    "log": [5e-324, 1e-310, 2.3e-308, 1.7e308],
    "log1p": [-1 + 2.0**-53, 1e-300, 1.7e308],
}


def points(name):
    generator = random.Random(name)
    spread = [math.exp(generator.uniform(-9, 5)) for _ in range(36)]
    near = [generator.uniform(0, 3) for _ in range(36)]
    positive = [*spread, *near, 0.25, 0.5, 1.0, 2.0, *EDGES.get(name, [])]
    if name in ("sin", "cos", "tan"):
        positive += NEAR_HALF_PI + [math.exp(generator.uniform(5, 700)) for _ in range(36)]
    if name == "log":
        return positive + [math.exp(generator.uniform(-700, 700)) for _ in range(30)]
    if name == "log1p":
        return positive + [-generator.random() for _ in range(36)]
    return positive + [-x for x in positive if name != "exp" or x < 700]


def row(name, x):
    # 2400 bits: a large angle needs all of its own, and as many again of pi.
    with mpmath.workprec(2400 if name in ("sin", "cos", "tan") else 200):
        return [number(x), number(float(FUNCTIONS[name](mpmath.mpf(x))))]


def make():
    wide = {name: [row(name, x) for x in points(name)] for name in FUNCTIONS}
    single = [row("erf", float(np.float32(x))) for x in points("erf")]
    return {"float64": wide, "erf of float32": single}
