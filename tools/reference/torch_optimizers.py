"""Records what PyTorch's optimizers do with a learning rate that changes with every update.

Weights, gradients and rates are given, so that only the update itself is compared: 50 updates of three weights in float32
and in float64. Writes packages/tfjs/test/fixtures/torch_optimizers.json.

Run: python torch_optimizers.py, with torch 2.13.0 (requirements-torch.txt).
"""

from __future__ import annotations

import json
import math
import pathlib
import platform
from typing import Any

import torch

UPDATES = 50
START = [0.5, -1.0, 1.5]
OUT = pathlib.Path(__file__).resolve().parents[2] / "packages" / "tfjs" / "test" / "fixtures" / "torch_optimizers.json"

# Our learning rate at each step: linear warm-up over ten steps, then a cosine to 0.
RATES = [0.05 * (t + 1) / 11 if t < 10 else 0.025 * (1 + math.cos(math.pi * (t - 10) / 40)) for t in range(UPDATES)]
MOMENTA = [0.95 - 0.1 * math.sin(t / 8) ** 2 for t in range(UPDATES)]


def gradients() -> list[list[float]]:
    """Exact in float32, signs mixed, none near 0."""
    rows = []
    for t in range(UPDATES):
        waves = [math.sin(1 + 0.7 * t + 1.3 * i) for i in range(3)]
        rows.append([math.copysign(0.1 + abs(wave), wave) for wave in waves])
    return torch.tensor(rows, dtype=torch.float32).tolist()


CASES: dict[str, tuple[str, dict[str, Any]]] = {
    "SGD": ("SGD", {}),
    "Momentum": ("SGD", {"momentum": 0.9}),
    "Momentum under a schedule": ("SGD", {"momentum": MOMENTA}),
    "Nesterov": ("SGD", {"momentum": 0.9, "nesterov": True}),
    "RMSprop": ("RMSprop", {"alpha": 0.9, "eps": 1e-7}),
    "RMSprop with momentum": ("RMSprop", {"alpha": 0.9, "eps": 1e-7, "momentum": 0.9}),
    "Adagrad": ("Adagrad", {"initial_accumulator_value": 0.1, "eps": 1e-7}),
    "Adadelta": ("Adadelta", {"rho": 0.95, "eps": 1e-7}),
    "Adam": ("Adam", {"betas": (0.9, 0.999), "eps": 1e-7}),
    "Adamax": ("Adamax", {"betas": (0.9, 0.999), "eps": 1e-7}),
    "AdamW": ("AdamW", {"betas": (0.9, 0.999), "eps": 1e-7, "weight_decay": 0.1}),
}


def run(name: str, options: dict[str, Any], dtype: torch.dtype, rows: list[list[float]]) -> list[list[float]]:
    """The weights after each update."""
    momenta = options.get("momentum")
    scheduled = isinstance(momenta, list)
    given = {**options, **({"momentum": momenta[0]} if scheduled else {})}
    weights = torch.nn.Parameter(torch.tensor(START, dtype=dtype))
    optimizer = getattr(torch.optim, name)([weights], lr=1.0, foreach=False, **given)
    path = []
    for t, row in enumerate(rows):
        for group in optimizer.param_groups:
            group["lr"] = RATES[t]
            if scheduled:
                group["momentum"] = momenta[t]
        weights.grad = torch.tensor(row, dtype=dtype)
        optimizer.step()
        path.append(weights.detach().tolist())
    return path


def main() -> None:
    rows = gradients()
    cases = [
        {
            "name": name,
            "class": cls,
            "options": {key: value for key, value in options.items() if not isinstance(value, list)},
            "float32": run(cls, options, torch.float32, rows)[-1],
            "float64": run(cls, options, torch.float64, rows),
        }
        for name, (cls, options) in CASES.items()
    ]
    document = {
        "program": "tools/reference/torch_optimizers.py",
        "command": "python torch_optimizers.py",
        "versions": {"python": platform.python_version(), "torch": torch.__version__},
        "start": START,
        "rates": RATES,
        "momenta": MOMENTA,
        "gradients": rows,
        "cases": cases,
    }
    OUT.parent.mkdir(parents=True, exist_ok=True)
    OUT.write_text(json.dumps(document) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
