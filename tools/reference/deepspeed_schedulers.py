"""Records the schedulers of deepspeed.runtime.lr_schedules: the rate each update of a training loop gets.

DeepSpeed counts batches from -1, so its first two updates are made with what others call step 0; the recorded
values are indexed by update.
"""

from __future__ import annotations

import logging
import os
from typing import Any

os.environ["DS_ACCELERATOR"] = "cpu"

import torch
from common import around, finite, given, pairwise, signature, write
from deepspeed.runtime import lr_schedules
from deepspeed.utils import logger

logger.setLevel(logging.ERROR)
PROGRAM = "deepspeed_schedulers.py"
PACKAGES = ("deepspeed", "torch")
LEFT_OUT = ("self", "optimizer", "last_batch_iteration")


def case(identity: str, name: str, args: dict[str, Any], lr: float, steps: list[int], **more: Any) -> dict[str, Any]:
    description = {"name": name, "args": args, "lr": lr}
    adam = torch.optim.Adam([torch.nn.Parameter(torch.zeros(1))], lr=lr)
    group = adam.param_groups[0]
    try:
        scheduler = getattr(lr_schedules, name)(adam, **args)
    except (ValueError, ZeroDivisionError) as error:
        return {"id": identity, "description": description, "error": type(error).__name__}
    cycles = args.get("cycle_momentum", name == "OneCycle")
    values: dict[str, list[float | None]] = {"learningRate": [], **({"beta1": [], "beta2": []} if cycles else {})}
    for step in range(max(steps) + 1):
        if step in steps:
            values["learningRate"].append(finite(group["lr"]))
            if cycles:
                values["beta1"].append(finite(group["betas"][0]))
                values["beta2"].append(finite(group["betas"][1]))
        scheduler.step()
    return {"id": identity, "description": description, **more, "steps": steps, "values": values}


WARMUP = {"warmup_num_steps": [1, 2, 10], "warmup_type": [None, "linear"]}
SCHEDULERS: dict[str, dict[str, Any]] = {
    "LRRangeTest": {
        "levels": {
            "lr_range_test_min_lr": [None, 0.01],
            "lr_range_test_step_size": [1, 7],
            "lr_range_test_step_rate": [None, 0.5],
            "lr_range_test_staircase": [None, True],
        },
        "knots": lambda a: ([a["lr_range_test_step_size"] * k for k in range(4)], 30),
        "edges": [{"lr_range_test_step_size": 0}],
    },
    "OneCycle": {
        "levels": {
            "cycle_min_lr": [0.01, 0.0],
            "cycle_max_lr": [0.1, 1.0],
            "decay_lr_rate": [None, 0.5],
            "cycle_first_step_size": [1, 10],
            "cycle_second_step_size": [None, 6],
            "cycle_first_stair_count": [None, 3],
            "cycle_second_stair_count": [None, 2],
            "decay_step_size": [None, 4],
            "cycle_momentum": [None, False],
            "cycle_min_mom": [None, 0.7],
            "cycle_max_mom": [None, 0.95],
            "decay_mom_rate": [None, 0.01],
        },
        "knots": lambda a: (
            [a["cycle_first_step_size"], a["cycle_first_step_size"] + a.get("cycle_second_step_size", a["cycle_first_step_size"])],
            40,
        ),
        "edges": [{"cycle_min_lr": 0.0, "cycle_max_lr": 0.1, "cycle_first_step_size": 0}],
    },
    "WarmupLR": {
        "levels": {"warmup_min_lr": [None, 0.0005], "warmup_max_lr": [None, 0.05], **WARMUP},
        "knots": lambda a: ([a["warmup_num_steps"] + 1], 30),
        "edges": [{"warmup_num_steps": 0}],
    },
    "WarmupDecayLR": {
        "levels": {"total_num_steps": [20, 60], "warmup_min_lr": [None, 0.0005], "warmup_max_lr": [None, 0.05], **WARMUP},
        "knots": lambda a: ([a["warmup_num_steps"] + 1], a["total_num_steps"] + 1),
        "edges": [
            {"total_num_steps": 5, "warmup_num_steps": 10},
            {"total_num_steps": 5, "warmup_num_steps": 0},
            {"total_num_steps": 20, "warmup_num_steps": 10, "warmup_min_lr": 0.1},
        ],
    },
    "WarmupCosineLR": {
        "levels": {"total_num_steps": [20, 60], "warmup_min_ratio": [None, 0.1], "cos_min_ratio": [None, 0.2], **WARMUP},
        "knots": lambda a: ([a["warmup_num_steps"] + 1], a["total_num_steps"] + 1),
        "edges": [{"total_num_steps": 10, "warmup_num_steps": 10}, {"total_num_steps": 5, "warmup_num_steps": 0}],
    },
}


def main() -> None:
    for name, plan in SCHEDULERS.items():
        own = signature(getattr(lr_schedules, name), LEFT_OUT)
        assert set(own) == set(plan["levels"]), (name, own)
        levels = {**plan["levels"], "lr": [0.1, 2.0]}
        rows, excluded = pairwise(levels)
        cases = []
        for index, row in enumerate(rows):
            args = given({key: value for key, value in row.items() if key != "lr"})
            knots, total = plan["knots"](args)
            steps = around(knots, total, int(total) + 3)
            cases.append(case(f"pair-{index}", name, args, row["lr"], steps, pairwise=True, levels=row))
        for index, args in enumerate(plan["edges"]):
            cases.append(case(f"edge-{index}", name, args, 0.1, list(range(30))))
        write("deepspeed", name, PROGRAM, PACKAGES, cases, levels, excluded, own)


if __name__ == "__main__":
    main()
