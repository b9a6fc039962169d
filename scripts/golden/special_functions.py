"""Special functions to full float64 precision, computed by mpmath with 40 digits."""

import mpmath

from encoding import number

mpmath.mp.dps = 40

POINTS = {
    "erf": [(x,) for x in (-3.0, -0.7, 1e-9, 0.3, 1.2, 2.4, 2.6, 4.0, 5.9)],
    "erfc": [(x,) for x in (-1.0, 0.3, 0.5, 0.9, 1.1, 3.0, 6.0, 10.0, 20.0, 26.0)],
    "erfinv": [(x,) for x in (-0.999999, -0.9, -0.3, 1e-7, 0.2, 0.5, 0.999, 1 - 1e-9, 1 - 1e-12, 1 - 2**-52)],
    "lgamma": [(x,) for x in (1e-5, 0.3, 0.9, 1.0001, 1.5, 1.99, 2.00001, 3.7, 50.0, 1e6, -0.5, -3.3)],
    "digamma": [(x,) for x in (1e-4, 0.3, 1.0, 1.5, 2.0, 5.5, 100.0, 1e8, -0.5, -3.3)],
    "zeta": [
        *((2.0, 1.0), (1.0001, 1.0), (1.5, 0.3), (3.0, 2.5), (7.0, 0.01), (2.0, 100.0), (30.0, 2.0), (2.5, 1e5)),
        *((2.0, -0.3), (3.0, -2.6), (2.0, -10.25)),
    ],
    "polygamma": [(0.0, 1.5), (1.0, 0.5), (1.0, 3.0), (2.0, 2.0), (3.0, 0.1), (5.0, 10.0), (1.0, -0.3), (2.0, -2.6)],
}
FUNCTIONS = {
    "erf": mpmath.erf,
    "erfc": mpmath.erfc,
    "erfinv": mpmath.erfinv,
    "lgamma": lambda x: mpmath.log(abs(mpmath.gamma(x))),
    "digamma": mpmath.digamma,
    "zeta": lambda s, q: mpmath.nsum(lambda n: (q + n) ** -s, [0, mpmath.inf]) if q < 0 else mpmath.zeta(s, q),
    "polygamma": lambda n, x: mpmath.polygamma(int(n), x),
}


def make():
    return {"functions": {name: [row(name, point) for point in points] for name, points in POINTS.items()}}


def row(name, point):
    """The arguments, then the value."""
    return [number(x) for x in point] + [number(float(FUNCTIONS[name](*map(mpmath.mpf, point))))]
