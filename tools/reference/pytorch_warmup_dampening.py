"""Records the warm-ups of pytorch_warmup: the factor over a constant rate and over a StepLR, by update."""

from __future__ import annotations

import warnings
from typing import Any

import pytorch_warmup
import torch
from common import around, finite, given, pairwise, signature, write

warnings.simplefilter("ignore")
PROGRAM = "pytorch_warmup_dampening.py"
PACKAGES = ("pytorch-warmup", "torch")
STEP = {"name": "StepLR", "args": {"step_size": 10, "gamma": 0.5}}


def case(identity: str, name: str, args: dict[str, Any], steps: list[int], rest: dict[str, Any], **more: Any) -> dict[str, Any]:
    description: dict[str, Any] = {"name": name, "args": args, **given(rest)}
    betas = (0.9, description.get("beta2", 0.999))
    adam = torch.optim.Adam([torch.nn.Parameter(torch.zeros(1))], lr=description["lr"], betas=betas)
    inner = description.get("schedule", {"name": "ConstantLR", "args": {"factor": 1.0}})
    schedule = getattr(torch.optim.lr_scheduler, inner["name"])(adam, **inner["args"])
    try:
        dampening = getattr(pytorch_warmup, name)(adam, **args)
    except (ValueError, TypeError) as error:
        return {"id": identity, "description": description, "error": type(error).__name__}
    values = []
    for step in range(max(steps) + 1):
        if step in steps:
            values.append(finite(adam.param_groups[0]["lr"]))
        with dampening.dampening():
            schedule.step()
    return {"id": identity, "description": description, **more, "steps": steps, "values": {"learningRate": values}}


def main() -> None:
    shared = {"lr": [0.1, 1.0], "schedule": [None, STEP], "beta2": [None, 0.99, 0.9]}
    for name in ("LinearWarmup", "ExponentialWarmup", "UntunedLinearWarmup", "UntunedExponentialWarmup", "RAdamWarmup"):
        own = signature(getattr(pytorch_warmup, name), ("self", "optimizer", "last_step"))
        levels = {**({"warmup_period": [1, 7, 30]} if "warmup_period" in own else {}), **shared}
        rows, excluded = pairwise(levels)
        cases = []
        for index, row in enumerate(rows):
            args = {key: row[key] for key in own}
            knots = [row.get("warmup_period", 20), *(int(part / (1 - (row["beta2"] or 0.999))) for part in (1, 2))]
            rest = {key: value for key, value in row.items() if key not in own}
            cases.append(case(f"pair-{index}", name, args, around(knots, 60, 60), rest, pairwise=True, levels=row))
        if own:
            cases.append(case("edge-0", name, {"warmup_period": 0}, [0], {"lr": 0.1}))
        elif name == "RAdamWarmup":
            cases.append(case("edge-0", name, {}, [0], {"lr": 0.1, "beta2": 0.5}))
        write("pytorch_warmup", name, PROGRAM, PACKAGES, cases, levels, excluded, own)


if __name__ == "__main__":
    main()
