"""Records PyTorch schedulers over several parameter groups as packages/compat/fixtures/accepted/torchGroups.json."""

from __future__ import annotations

import json
import math
import warnings
from typing import Any

import torch

from accepted import FIXTURES
from common import versions
from torch_build import build
from traces import TRACES

PROGRAM = "torch_groups.py"
STEPS = 20
SCHEDULERS: list[dict[str, Any]] = [
    {"name": "StepLR", "args": {"step_size": 3}, "lr": [0.1, 0.01]},
    {"name": "OneCycleLR", "args": {"max_lr": [0.1, 0.2], "total_steps": 30}, "lr": 0.1},
    {"name": "OneCycleLR", "args": {"max_lr": [0.1, 0.2, 0.4], "total_steps": 30, "base_momentum": [0.8, 0.85, 0.7]}, "lr": [0.1, 0.2, 0.3], "momentum": 0.9},
    {"name": "CyclicLR", "args": {"base_lr": [0.01, 0.02], "max_lr": 0.1, "step_size_up": 4, "max_momentum": [0.9, 0.95]}, "lr": 0.1, "momentum": [0.9, 0.8]},
    {"name": "LambdaLR", "args": {"lr_lambda": ["lambda epoch: 0.9 ** epoch", "lambda epoch: 1 if epoch < 5 else 0.1"]}, "lr": [0.1, 0.2]},
    {"name": "SWALR", "args": {"swa_lr": [0.05, 0.01], "anneal_epochs": 4}, "lr": [0.1, 0.2]},
    {"name": "CosineAnnealingLR", "args": {"T_max": 7, "eta_min": 0.01}, "lr": [0.1, 1.0, 0.03]},
    {"name": "SequentialLR", "args": {"schedulers": [{"name": "LinearLR", "args": {"total_iters": 4}}, {"name": "SWALR", "args": {"swa_lr": [0.05, 0.01]}}], "milestones": [6]}, "lr": [0.1, 0.2]},
    {"name": "ReduceLROnPlateau", "args": {"factor": 0.5, "patience": 1, "min_lr": [0.04, 0.001]}, "lr": [0.1, 0.2]},
]


def record(description: dict[str, Any]) -> dict[str, Any]:
    rates, momenta = description["lr"], description.get("momentum", 0.0)
    lists = [value for value in [rates, momenta, *description["args"].values()] if isinstance(value, list)]
    sizes = {len(value) for value in lists if not isinstance(value[0], dict)} - {1}
    count = len(rates) if isinstance(rates, list) else max(sizes)
    at = lambda value, index: value[index] if isinstance(value, list) else value
    groups = [
        {"params": [torch.nn.Parameter(torch.zeros(1))], "lr": at(rates, i), "momentum": at(momenta, i)} for i in range(count)
    ]
    optimizer = torch.optim.SGD(groups, lr=0.1)
    scheduler = build(description, optimizer)
    reads = description["name"] == "ReduceLROnPlateau"
    cycles = description["name"] in ("OneCycleLR", "CyclicLR")
    metrics = TRACES["falling"]
    values: list[dict[str, list[float]]] = [{"learningRate": [], **({"momentum": []} if cycles else {})} for _ in range(count)]
    for step in range(STEPS):
        for group, kept in zip(optimizer.param_groups, values):
            kept["learningRate"].append(group["lr"])
            if cycles:
                kept["momentum"].append(group["momentum"])
        optimizer.step()
        scheduler.step(*([math.nan if metrics[step] is None else metrics[step]] if reads else []))
    return {"description": description, "groups": values, **({"metrics": metrics[:STEPS]} if reads else {})}


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    head = {"program": f"tools/reference/{PROGRAM}", "command": f"python tools/reference/{PROGRAM}", "versions": versions("torch")}
    top = ",\n".join(f'"{key}":{json.dumps(value, separators=(",", ":"))}' for key, value in head.items())
    body = ",\n".join(json.dumps(record(one), separators=(",", ":"), allow_nan=False) for one in SCHEDULERS)
    (FIXTURES / "accepted" / "torchGroups.json").write_text("{" + top + ',\n"cases":[\n' + body + "\n]}\n")
    print(f"{len(SCHEDULERS)} schedulers over several groups")
