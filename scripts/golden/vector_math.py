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
    "erfc": mpmath.erfc,
    "sin": mpmath.sin,
    "cos": mpmath.cos,
    "tan": mpmath.tan,
    "asin": mpmath.asin,
    "acos": mpmath.acos,
    "atan": mpmath.atan,
    "sinh": mpmath.sinh,
    "cosh": mpmath.cosh,
    "asinh": mpmath.asinh,
    "acosh": mpmath.acosh,
    "atanh": mpmath.atanh,
}
# Near multiples of pi/2 as float64 goes: the argument keeps hardly a bit of its own after the reduction.
NEAR_HALF_PI = [math.pi / 2, math.pi, 1.5 * math.pi, 22.0, 355.0, 1e22, 6381956970095103.0 * 2.0**797]
EDGES = {
    "exp": [709.78, -708.5, -740.0, -745.1],
    "expm1": [709.78, -37.0, 1e-300],
    "log": [5e-324, 1e-310, 2.3e-308, 1.7e308],
    "log1p": [-1 + 2.0**-53, 1e-300, 1.7e308],
    "erfc": [1e-300, 0.9999, 1.714, 7.99, 16.01, 26.5, 26.6, 27.2, 27.3, 30.0],
    "atan": [1e-300, 0.4142, 0.4143, 2.4142, 2.4143, 1e300],
    "sinh": [1e-300, 709.7, 709.8, 710.4],
    "cosh": [1e-300, 709.7, 709.8, 710.4],
    "asinh": [1e-300, 1e9, 1.2e18, 1e154, 1e155, 1.7e308],
    "acosh": [1 + 2.0**-52, 1e9, 1.2e18, 1e154, 1.7e308],
}


def points(name):
    generator = random.Random(name)
    if name in ("asin", "acos", "atanh"):
        inside = [generator.random() for _ in range(48)]
        ends = [1 - math.exp(generator.uniform(-36, 0)) for _ in range(36)]
        positive = [*inside, *ends, *(math.exp(-x) for x in range(1, 40, 3)), 0.5, 1e-300]
        return positive + [-x for x in positive]
    spread = [math.exp(generator.uniform(-9, 5)) for _ in range(36)]
    near = [generator.uniform(0, 3) for _ in range(36)]
    positive = [*spread, *near, 0.25, 0.5, 1.0, 2.0, *EDGES.get(name, [])]
    if name in ("sin", "cos", "tan"):
        positive += NEAR_HALF_PI + [math.exp(generator.uniform(5, 700)) for _ in range(36)]
    if name == "acosh":
        return [x if x > 1 else 1 + x for x in positive] + [math.exp(x) for x in range(10, 700, 30)]
    if name == "log":
        return positive + [math.exp(generator.uniform(-700, 700)) for _ in range(30)]
    if name == "log1p":
        return positive + [-generator.random() for _ in range(36)]
    return positive + [-x for x in positive if name != "exp" or x < 700]


def row(name, x):
    # 2400 bits: a large angle needs all of its own, and as many again of pi.
    with mpmath.workprec(2400 if name in ("sin", "cos", "tan") else 200):
        return [number(x), number(float(FUNCTIONS[name](mpmath.mpf(x))))]


def power_row(base, exponent):
    with mpmath.workprec(200):
        value = mpmath.power(mpmath.mpf(base), mpmath.mpf(exponent))
        return [number(base), number(exponent), number(float(value))]


def powers():
    """Bases of every size, with exponents that take them through the range of float64; and near 1, with large exponents."""
    generator = random.Random("pow")
    bases = [math.exp(generator.uniform(-700, 700)) for _ in range(40)]
    bases += [math.exp(generator.uniform(-1, 1)) for _ in range(40)]
    bases += [1 + generator.uniform(-1e-6, 1e-6) for _ in range(20)] + [5e-324, 1e-310, 2.0, 10.0, 1.7e308]
    rows = [power_row(x, generator.uniform(-740, 709) / math.log(x)) for x in bases]
    return rows + [power_row(-x, float(n)) for n, x in enumerate([0.3, 1.7, 12.0, 3e20, 7e-30])]


def make():
    wide = {name: [row(name, x) for x in points(name)] for name in FUNCTIONS}
    single = {name: [row(name, float(np.float32(x))) for x in points(name)] for name in ("erf", "erfc")}
    single["erfc"] += [row("erfc", float(np.float32(x / 7))) for x in range(-30, 73)]
    return {"float64": wide, "float32": single, "powers": powers()}
