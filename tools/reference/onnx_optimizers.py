"""Records what PyTorch's optimizers do when every hyperparameter that can be scheduled changes with every update.

Weights, gradients and hyperparameters are given, so that only the update itself is compared: 100 updates of six weights in
double precision, and the last of them in float32. Writes packages/onnxruntime-web/test/torch/fixtures/optimizers.json.

Adam corrects its first mean by 1 − β₁ᵗ, with the β₁ now in force; under a schedule that is not the sum of the weights in the
mean, 1 − ∏β₁. A case with `corrected` is given the rate that turns the one into the other (and the decay that keeps rate times decay).

Run: python tools/reference/onnx_optimizers.py, with requirements-onnx.txt.
"""

from __future__ import annotations

import json
import math
from typing import Any

import torch

from common import versions
from onnx_batches import random
from onnx_models import OUT

UPDATES = 100
START = [0.5, -1.0, 1.5, -0.25, 2.0, -0.75]


def line(start: float, end: float) -> list[float]:
    return [start * (1 - t / UPDATES) + end * (t / UPDATES) for t in range(UPDATES)]


RATES = [0.05 * (1 + math.cos(math.pi * t / UPDATES)) / 2 for t in range(UPDATES)]
TRACKS = {"momentum": line(0.95, 0.8), "beta1": line(0.95, 0.85), "weight_decay": line(0.3, 0.1)}


def gradients() -> torch.Tensor:
    """Of either sign, none near 0."""
    draw = random(21)
    rows = [[(1 if draw() < 0.6 else -1) * (0.25 + 0.75 * draw()) for _ in START] for _ in range(UPDATES)]
    return torch.tensor(rows, dtype=torch.float32)


# Class, options, and the hyperparameters that are scheduled.
CASES: dict[str, tuple[str, dict[str, Any], list[str]]] = {
    "sgd": ("SGD", {}, []),
    "sgd with coupled decay": ("SGD", {"weight_decay": 0.1}, []),
    "momentum": ("SGD", {}, ["momentum"]),
    "nesterov": ("SGD", {"nesterov": True, "weight_decay": 0.1}, ["momentum"]),
    "rmsprop": ("RMSprop", {"alpha": 0.9}, []),
    "rmsprop, centered": ("RMSprop", {"alpha": 0.9, "centered": True, "eps": 1e-2}, ["momentum"]),
    "adam": ("Adam", {"weight_decay": 0.1, "betas": (0.9, 0.99)}, []),
    "adam, beta1": ("Adam", {}, ["beta1"]),
    "adamW": ("AdamW", {}, ["weight_decay"]),
    "adamW, beta1": ("AdamW", {}, ["beta1", "weight_decay"]),
}


def run(cls: str, options: dict[str, Any], scheduled: list[str], dtype: torch.dtype, corrected: bool) -> list[list[float]]:
    """The weights after each update."""
    weights = torch.nn.Parameter(torch.tensor(START, dtype=dtype))
    first = {"momentum": TRACKS["momentum"][0]} if "momentum" in scheduled else {}
    optimizer = getattr(torch.optim, cls)([weights], lr=1.0, foreach=False, **options, **first)
    product, path = 1.0, []
    for t, row in enumerate(gradients()):
        group = optimizer.param_groups[0]
        group["lr"] = RATES[t]
        for name in scheduled:
            if name in ("momentum", "weight_decay"):
                group[name] = TRACKS[name][t]
        if "beta1" in scheduled:
            group["betas"] = (TRACKS["beta1"][t], group["betas"][1])
            product *= TRACKS["beta1"][t]
            if corrected:
                factor = (1 - TRACKS["beta1"][t] ** (t + 1)) / (1 - product)
                group["lr"] *= factor
                group["weight_decay"] /= factor
        weights.grad = row.to(dtype)
        optimizer.step()
        path.append(weights.detach().tolist())
    return path


def main() -> None:
    cases = []
    for name, (cls, options, scheduled) in CASES.items():
        corrected = "beta1" in scheduled
        exact = run(cls, options, scheduled, torch.float64, corrected)
        cases.append(
            {
                "name": name,
                "class": cls,
                "options": options,
                "scheduled": scheduled,
                "corrected": corrected,
                # After updates 1, 11, 21, … and the last.
                "float64": [*exact[::10], exact[-1]],
                "float32": run(cls, options, scheduled, torch.float32, corrected)[-1],
                **({"uncorrected": run(cls, options, scheduled, torch.float64, False)[-1]} if corrected else {}),
            }
        )
    head = {
        "program": "tools/reference/onnx_optimizers.py",
        "command": "python tools/reference/onnx_optimizers.py",
        "versions": versions("torch"),
        "start": START,
        "updates": UPDATES,
    }
    lines = ",\n".join(f"{json.dumps(key)}:{json.dumps(value)}" for key, value in head.items())
    body = ",\n".join(json.dumps(case, separators=(",", ":")) for case in cases)
    (OUT / "optimizers.json").write_text("{" + lines + ',\n"cases":[\n' + body + "\n]}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
