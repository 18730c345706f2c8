"""Records what @anneal/foresight is held to: the last-iterate bound with 50 digits, and exact risks on small quadratics.

The bound is summed as its theorem states it, in mpmath. The risks do not come from a recursion of second moments: with
additive noise the weights are written out as sums over start and noises, with least squares the weights are polynomials
in Gaussian inputs, whose moments are known. Rates are formed by division alone, so that both languages form the same
doubles.
"""

from __future__ import annotations

import itertools
import json
import math
import pathlib
from typing import Any

import numpy as np
import sympy
from common import versions
from mpmath import mp, mpf
from scipy import ndimage

mp.dps = 50
TARGET = pathlib.Path(__file__).resolve().parents[2] / "packages" / "foresight" / "test" / "fixtures"
SHAPES = {
    "constant": lambda t, steps: 0.3,
    "linear": lambda t, steps: (steps - t) / steps,
    "cooldown": lambda t, steps: min(1.0, (steps - t) / (0.25 * steps)),
    "inverse": lambda t, steps: 1 / (1 + t / 100),
    "warmup": lambda t, steps: min(1.0, t / 3),
}
NORMS = {"one": lambda t: 1.0, "falling": lambda t: 1 / math.sqrt(t + 1)}


def bound(shape: str, norm: str, steps: int) -> dict[str, Any]:
    etas = [mpf(SHAPES[shape](t, steps)) for t in range(steps)]
    costs = [(eta * mpf(NORMS[norm](t))) ** 2 for t, eta in enumerate(etas)]
    later, sums, total = mpf(0), mpf(0), mpf(0)
    for k in range(steps - 1, -1, -1):
        sums += costs[k]
        rates = later + etas[k]
        if k < steps - 1:
            total += etas[k] / later * (sums / rates)
        later = rates
    distance_term = 1 / (2 * later)
    gradient_term = (sums / later + total) / 2
    return {
        "shape": shape,
        "norm": norm,
        "steps": steps,
        "distanceTerm": float(distance_term),
        "gradientTerm": float(gradient_term),
        "bestBound": float(2 * mp.sqrt(distance_term * gradient_term)),
    }


def additive(spectrum: list[Any], variances: list[Any], etas: list[Any], mu: Any, batch: int) -> list[Any]:
    """The risk before each update and after the last: weights as sums over the start (of variance 1) and each noise."""
    steps = len(etas)
    risks = []
    parts = [([sympy.Integer(1)] + [sympy.Integer(0)] * steps, [sympy.Integer(0)] * (steps + 1)) for _ in spectrum]
    for t in range(steps + 1):
        risk = sympy.Integer(0)
        for (x, _), lam, variance in zip(parts, spectrum, variances):
            risk += lam * (x[0] ** 2 + sum(c**2 for c in x[1:]) * variance / batch) / 2
        risks.append(risk)
        if t == steps:
            return risks
        for i, ((x, v), lam) in enumerate(zip(parts, spectrum)):
            v = [mu * b + lam * a for a, b in zip(x, v)]
            v[t + 1] += 1
            parts[i] = ([a - etas[t] * b for a, b in zip(x, v)], v)
    raise AssertionError


def least_squares(spectrum: list[Any], label: Any, etas: list[Any], mu: Any, batch: int) -> list[Any]:
    """The same for a regression whose inputs are Gaussian: polynomials in every input and label, then their moments."""
    variances: dict[Any, Any] = {}

    def gaussian(name: str, variance: Any) -> Any:
        symbol = sympy.Symbol(name)
        variances[symbol] = variance
        return symbol

    def expectation(polynomial: Any) -> Any:
        symbols = sorted(polynomial.free_symbols, key=str)
        if not symbols:
            return polynomial
        total = sympy.Integer(0)
        for powers, coefficient in sympy.Poly(polynomial, *symbols).terms():
            if any(power % 2 for power in powers):
                continue
            total += coefficient * math.prod(
                sympy.factorial2(power - 1) * variances[symbol] ** (power // 2) for symbol, power in zip(symbols, powers) if power
            )
        return total

    x = [gaussian(f"x{i}", sympy.Integer(1)) for i in range(len(spectrum))]
    v = [sympy.Integer(0)] * len(spectrum)
    risks = []
    for t in range(len(etas) + 1):
        risks.append(sum(lam * expectation(sympy.expand(a**2)) for lam, a in zip(spectrum, x)) / 2)
        if t == len(etas):
            return risks
        gradient = [sympy.Integer(0)] * len(spectrum)
        for b in range(batch):
            inputs = [gaussian(f"a{t}_{b}_{i}", lam) for i, lam in enumerate(spectrum)]
            error = sum(a * w for a, w in zip(inputs, x)) - gaussian(f"e{t}_{b}", label)
            gradient = [g + a * error / batch for g, a in zip(gradient, inputs)]
        v = [sympy.expand(mu * b + g) for b, g in zip(v, gradient)]
        x = [sympy.expand(a - etas[t] * b) for a, b in zip(x, v)]
    raise AssertionError


def risk_case(kind: str, etas: list[str], mu: str, batch: int, noise: str) -> dict[str, Any]:
    spectrum = [sympy.Rational(1), sympy.Rational(1, 2)]
    rates, momentum, variance = [sympy.Rational(eta) for eta in etas], sympy.Rational(mu), sympy.Rational(noise)
    if kind == "additive":
        exact = additive(spectrum, [variance, variance], rates, momentum, batch)
    else:
        exact = least_squares(spectrum, variance, rates, momentum, batch)
    return {
        "noise": kind,
        "variance": float(variance),
        "batchSize": batch,
        "momentum": float(momentum),
        "rates": [float(rate) for rate in rates],
        "risk": [float(value) for value in exact],
        "exact": [sympy.Rational(float(value)) == value for value in exact],
    }


def median_case(width: int, values: list[float]) -> dict[str, Any]:
    """SciPy's own window over values padded by hand: the first held before it, the end mirrored with the last value twice."""
    half = width // 2
    mirrored = np.pad(values, (0, half), mode="symmetric")
    padded = np.pad(mirrored, (half, 0), mode="edge")
    medians = ndimage.median_filter(padded, size=width)[half : half + len(values)]
    return {"width": width, "values": values, "medians": medians.tolist()}


def main() -> None:
    bounds = [bound(*case) for case in itertools.product(SHAPES, NORMS, (1, 2, 7, 1000)) if case[0] != "warmup" or case[2] > 1]
    bounds += [bound(shape, norm, 1_000_000) for shape, norm in (("constant", "one"), ("linear", "one"), ("cooldown", "falling"))]
    risks = [
        risk_case("additive", ["1/2", "1/4", "1/2", "1"], mu, batch, "1/4") for mu, batch in itertools.product(("0", "1/2"), (1, 2))
    ]
    risks += [risk_case("leastSquares", etas, mu, batch, "1/4") for etas, mu, batch in ((["1/2", "1/4"], "0", 1), (["1/4", "1/4"], "1/2", 1), (["1/2"], "1/2", 2))]
    draw = np.random.default_rng(1)
    medians = [median_case(width, draw.integers(1, 100, 25).tolist()) for width in (1, 3, 5, 11, 25)]
    head = {"program": "tools/reference/foresight.py", "command": "python tools/reference/foresight.py", "versions": versions("mpmath", "numpy", "scipy", "sympy")}
    TARGET.mkdir(parents=True, exist_ok=True)
    (TARGET / "exact.json").write_text(json.dumps({**head, "bounds": bounds, "risks": risks, "medians": medians}, indent=1) + "\n")


if __name__ == "__main__":
    main()
