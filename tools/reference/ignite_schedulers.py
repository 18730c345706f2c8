"""Records the parameter schedulers of pytorch-ignite: the value set before each event, as simulate_values gives it."""

from __future__ import annotations

from typing import Any

import ignite.handlers.param_scheduler as ignite_schedulers
import torch
from common import around, finite, given, pairwise, signature, write

PROGRAM = "ignite_schedulers.py"
PACKAGES = ("pytorch-ignite", "torch")
LEFT_OUT = ("self", "optimizer", "param_name", "save_history", "param_group_index", "output_simulated_values")


def build(description: dict[str, Any], optimizer: Any) -> Any:
    name, args = description["name"], dict(description["args"])
    if name == "ConcatScheduler":
        args["schedulers"] = [build(child, optimizer) for child in args["schedulers"]]
        return ignite_schedulers.ConcatScheduler(**args)
    if name == "create_lr_scheduler_with_warmup":
        args["lr_scheduler"] = build(args["lr_scheduler"], optimizer)
        return ignite_schedulers.create_lr_scheduler_with_warmup(**args)
    if name == "PiecewiseLinear":
        args["milestones_values"] = [tuple(pair) for pair in args["milestones_values"]]
    return getattr(ignite_schedulers, name)(optimizer, "lr", **args)


def case(identity: str, description: dict[str, Any], total: int, **more: Any) -> dict[str, Any]:
    sgd = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=description.get("lr", 0.1))
    try:
        scheduler = build(description, sgd)
    except (ValueError, TypeError) as error:
        return {"id": identity, "description": description, "error": type(error).__name__}
    values = []
    for _ in range(total):
        scheduler(None)
        values.append(finite(sgd.param_groups[0]["lr"]))
    return {"id": identity, "description": description, **more, "steps": list(range(total)), "values": {"learningRate": values}}


CYCLE = {
    "start_value": [0.1, 0.01],
    "end_value": [0.02, 0.5],
    "cycle_size": [2, 7, 10],
    "cycle_mult": [None, 2.0],
    "start_value_mult": [None, 0.5],
    "end_value_mult": [None, 0.5],
    "warmup_duration": [None, 3],
}
FALL = {"name": "CosineAnnealingScheduler", "args": {"start_value": 0.1, "end_value": 0.01, "cycle_size": 10}}
RISE = {"name": "LinearCyclicalScheduler", "args": {"start_value": 0.0, "end_value": 0.1, "cycle_size": 8}}
WAY = {"name": "PiecewiseLinear", "args": {"milestones_values": [[0, 0.1], [4, 0.02], [9, 0.05]]}}
SCHEDULERS: dict[str, dict[str, Any]] = {
    "LinearCyclicalScheduler": {
        "levels": {**CYCLE, "monotonic": [None, True]},
        "valid": lambda row: row["warmup_duration"] is None or bool(row["monotonic"]),
        "edges": [
            {"start_value": 0.1, "end_value": 0.01, "cycle_size": 1},
            {"start_value": 0.1, "end_value": 0.01, "cycle_size": 5, "warmup_duration": 3},
        ],
    },
    "CosineAnnealingScheduler": {"levels": CYCLE, "edges": [{"start_value": 0.1, "end_value": 0.01, "cycle_size": 5, "cycle_mult": 1.5}]},
    "PiecewiseLinear": {
        "levels": {"milestones_values": [[[0, 0.1]], [[3, 0.1], [9, 0.02]], [[0, 0.1], [4, 0.02], [4, 0.5], [9, 0.05]]]},
        "edges": [{"milestones_values": [[5, 0.1], [3, 0.2]]}, {"milestones_values": []}],
    },
    "ConcatScheduler": {
        "levels": {"schedulers": [[RISE, FALL], [WAY, RISE], [FALL, WAY, RISE]], "durations": [[5], [16], [4, 12]]},
        "valid": lambda row: len(row["schedulers"]) == len(row["durations"]) + 1,
        "edges": [{"schedulers": [FALL], "durations": []}, {"schedulers": [FALL, RISE], "durations": [3, 4]}],
    },
    "create_lr_scheduler_with_warmup": {
        "levels": {
            "lr_scheduler": [FALL, RISE, WAY],
            "warmup_start_value": [0.0, 0.03],
            "warmup_duration": [2, 3, 6],
            "warmup_end_value": [None, 0.1, 0.2],
            "lr": [0.1, 0.3],
        },
        "edges": [{"lr_scheduler": FALL, "warmup_start_value": 0.0, "warmup_duration": 1}],
    },
}


def main() -> None:
    for name, plan in SCHEDULERS.items():
        made = getattr(ignite_schedulers, name)
        base = ignite_schedulers.CyclicalScheduler if "cycle_size" in plan["levels"] else made
        own = signature(base, LEFT_OUT)
        if name == "LinearCyclicalScheduler":
            own["monotonic"] = False
        assert set(own) == set(plan["levels"]) - {"lr"}, (name, own)
        rows, excluded = pairwise(plan["levels"], plan.get("valid", lambda _: True))
        cases = []
        for index, row in enumerate(rows):
            args = given({key: value for key, value in row.items() if key != "lr"})
            description = {"name": name, "args": args, **({"lr": row["lr"]} if "lr" in row else {})}
            cases.append(case(f"pair-{index}", description, 60, pairwise=True, levels=row))
        for index, args in enumerate(plan["edges"]):
            cases.append(case(f"edge-{index}", {"name": name, "args": args}, 40))
        write("ignite", name, PROGRAM, PACKAGES, cases, plan["levels"], excluded, own)


if __name__ == "__main__":
    main()
