"""Records the schedulers of fairseq.optim.lr_scheduler, updated before each training update as its trainer does.

fairseq 0.12.2 imports under Python 3.10 at the latest.
"""

from __future__ import annotations

import logging
from typing import Any

logging.disable(logging.WARNING)

from argparse import Namespace
from dataclasses import MISSING, fields

import torch
from common import around, finite, given, pairwise, write
from fairseq.optim.lr_scheduler import (
    cosine_lr_scheduler,
    fixed_schedule,
    inverse_square_root_schedule,
    polynomial_decay_schedule,
    step_lr_scheduler,
    tri_stage_lr_scheduler,
    triangular_lr_scheduler,
)
from fairseq.optim.sgd import SGD

PROGRAM = "fairseq_schedulers.py"
PACKAGES = ("fairseq", "torch")
CLASSES = {
    "cosine": (cosine_lr_scheduler.CosineLRSchedule, cosine_lr_scheduler.CosineLRScheduleConfig),
    "fixed": (fixed_schedule.FixedLRSchedule, fixed_schedule.FixedLRScheduleConfig),
    "inverse_sqrt": (
        inverse_square_root_schedule.InverseSquareRootSchedule,
        inverse_square_root_schedule.InverseSquareRootLRScheduleConfig,
    ),
    "polynomial_decay": (
        polynomial_decay_schedule.PolynomialDecayLRSchedule,
        polynomial_decay_schedule.PolynomialDecayLRScheduleConfig,
    ),
    "step": (step_lr_scheduler.StepLRSchedule, step_lr_scheduler.StepLRScheduleConfig),
    "tri_stage": (tri_stage_lr_scheduler.TriStageLRSchedule, tri_stage_lr_scheduler.TriStageLRScheduleConfig),
    "triangular": (triangular_lr_scheduler.TriangularLRSchedule, triangular_lr_scheduler.TriangularLRScheduleConfig),
}


def defaults(config: Any) -> dict[str, Any]:
    """A scheduler's own options; what it takes over from fairseq's other options has no default here."""
    own = {}
    for field in fields(config):
        if field.name in ("_name", "lr"):
            continue
        value = None if field.default is MISSING else field.default
        own[field.name] = None if isinstance(value, str) else value
    return own


def case(identity: str, name: str, args: dict[str, Any], lr: float, steps: list[int], **more: Any) -> dict[str, Any]:
    description = {"name": name, "args": args, "lr": lr}
    scheduler_class, config = CLASSES[name]
    options = Namespace(**{**defaults(config), **args, "lr": [lr]})
    sgd = SGD(Namespace(lr=[lr], momentum=0.0, weight_decay=0.0), [torch.nn.Parameter(torch.zeros(1))])
    try:
        scheduler = scheduler_class(options, sgd)
        scheduler.step_begin_epoch(1)
        values = []
        for step in steps:
            values.append(finite(scheduler.step_update(step)))
    except (AssertionError, ValueError, ZeroDivisionError) as error:
        return {"id": identity, "description": description, "error": type(error).__name__}
    found = {"id": identity, "description": description, **more, "steps": steps, "values": {"learningRate": values}}
    if name == "cosine" and (wrong := misindexed(args, lr, steps, values)):
        found["except"] = [{"step": step, "why": "the logarithm picks the cycle before"} for step in wrong]
    return found


def misindexed(args: dict[str, Any], lr: float, steps: list[int], values: list[float | None]) -> list[int]:
    """First steps of a cycle that fairseq still counts to the cycle before."""
    start, length, index = args.get("warmup_updates", 0), args.get("lr_period_updates", 0), 0
    wrong = []
    while args.get("t_mult", 1) != 1 and start <= max(steps):
        restart = lr * args.get("lr_shrink", 0.1) ** index
        if start in steps and abs(values[steps.index(start)] - restart) > 1e-6 * restart:
            wrong.append(int(start))
        start, length, index = start + length, length * args["t_mult"], index + 1
    return wrong


WARMUP = {"warmup_updates": [None, 1, 6], "warmup_init_lr": [None, 0.001]}
SCHEDULERS: dict[str, dict[str, Any]] = {
    "cosine": {
        "levels": {
            **WARMUP,
            "min_lr": [None, 0.002],
            "t_mult": [None, 2.0, 3.0],
            "lr_period_updates": [10, 25],
            "lr_shrink": [None, 0.5, 1.0],
            "max_update": [0, 100],
        },
        "total": 64,
        "edges": [
            {"max_update": 40, "warmup_updates": 5},
            {"max_update": 0},
            {"max_update": 40, "min_lr": 1.0},
        ],
    },
    "fixed": {"levels": {"force_anneal": [None], "lr_shrink": [None, 0.5], "warmup_updates": [None, 1, 7]}, "total": 20},
    "inverse_sqrt": {
        "levels": {"warmup_updates": [1, 6, 20], "warmup_init_lr": [None, 0.001]},
        "total": 60,
        "edges": [{"warmup_updates": 0}],
    },
    "polynomial_decay": {
        "levels": {
            "warmup_updates": [None, 1, 6],
            "force_anneal": [None],
            "end_learning_rate": [None, 0.002],
            "power": [None, 2.0, 0.5],
            "total_num_update": [20, 50],
        },
        "total": 60,
        "edges": [{"total_num_update": 0}],
    },
    "step": {
        "levels": {
            **WARMUP,
            "min_lr": [None, 0.002],
            "lr_deacy_period": [1, 7],
            "lr_decay": [None, 0.9],
        },
        "total": 40,
        "edges": [{"lr_deacy_period": 0}, {"lr_decay": 1.5}, {"min_lr": 1.0}],
    },
    "tri_stage": {
        "levels": {
            "warmup_steps": [None, 1, 5],
            "hold_steps": [None, 8],
            "decay_steps": [1, 20],
            "phase_ratio": [None],
            "init_lr_scale": [None, 0.1],
            "final_lr_scale": [None, 0.05],
            "max_update": [None],
        },
        "total": 50,
        "edges": [
            {"max_update": 40, "phase_ratio": [0.25, 0.25, 0.5]},
            {"warmup_steps": 5},
            {"decay_steps": 10, "final_lr_scale": 0.0},
            {"max_update": 40, "phase_ratio": [0.25, 0.25, 0.25]},
        ],
    },
    "triangular": {
        "levels": {
            "max_lr": [1.0, 5.0],
            "lr_period_updates": [10, 7, 2],
            "lr_shrink": [None, 0.5, 1.0],
            "shrink_min": [None, True],
        },
        "total": 40,
        "edges": [{"max_lr": 0.01, "lr_period_updates": 10}],
    },
}


def main() -> None:
    for name, plan in SCHEDULERS.items():
        own = defaults(CLASSES[name][1])
        assert set(own) == set(plan["levels"]), (name, own)
        levels = {**plan["levels"], "lr": [0.1, 0.5]}
        rows, excluded = pairwise(levels)
        steps = around([], plan["total"], plan["total"] + 3)
        cases = []
        for index, row in enumerate(rows):
            args = given({key: value for key, value in row.items() if key != "lr"})
            cases.append(case(f"pair-{index}", name, args, row["lr"], steps, pairwise=True, levels=row))
        for index, args in enumerate(plan.get("edges", ())):
            cases.append(case(f"edge-{index}", name, args, 0.1, steps))
        write("fairseq", name, PROGRAM, PACKAGES, cases, levels, excluded, own)


if __name__ == "__main__":
    main()
