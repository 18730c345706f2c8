"""Records every SchedulerType of transformers as packages/compat/fixtures/transformers/<type>.json."""

from __future__ import annotations

import sys
import types
import warnings
from collections.abc import Callable, Sequence
from typing import Any

import torch
from transformers import TrainingArguments
from transformers.optimization import TYPE_TO_SCHEDULER_FUNCTION, GreedyLR, get_scheduler
from transformers.trainer_utils import SchedulerType

from common import FIXTURES, Choice, Levels, around, cases_of, finite, given, pairwise, signature, write
from torch_build import advance
from traces import TRACES

PROGRAM = "transformers_schedulers.py"
OUTSIDE = ("learning_rate", "warmup_steps", "max_steps")
CONTROLLERS = ("reduce_lr_on_plateau", "greedy")
Case = dict[str, Any]


def warmup_steps_of(description: Case) -> int:
    """The trainer's own rule, run on the one field that it reads: a number below 1 is a share of the run."""
    arguments = types.SimpleNamespace(warmup_steps=description.get("warmup_steps", 0))
    return TrainingArguments.get_warmup_steps(arguments, description.get("max_steps", 0))  # type: ignore[arg-type]


def record(description: Case, steps: Sequence[int], metrics: Sequence[float | None] | None = None) -> Case:
    """Does what Trainer.create_scheduler does, then optimizer.step(); scheduler.step() for every update."""
    warnings.simplefilter("ignore")
    optimizer = torch.optim.AdamW([torch.nn.Parameter(torch.zeros(1))], lr=description.get("learning_rate", 5e-5))
    values: list[float | None] = []
    reached: list[int] = []
    error: Case = {}
    step = 0
    try:
        scheduler = get_scheduler(
            description["lr_scheduler_type"],
            optimizer=optimizer,
            num_warmup_steps=warmup_steps_of(description),
            num_training_steps=description.get("max_steps"),
            scheduler_specific_kwargs=description.get("lr_scheduler_kwargs"),
        )
        for step in range(max(steps) + 1):
            advance(optimizer, scheduler, metrics, step)
            if step in steps:
                values.append(finite(optimizer.param_groups[0]["lr"]))
                reached.append(step)
    except Exception as raised:  # noqa: BLE001 - whatever transformers raises is what is recorded
        error = {"error": type(raised).__name__, "errorAt": step}
    case: Case = {"description": description, "steps": reached, "values": {"learningRate": values}}
    if metrics is not None:
        case["metrics"] = list(metrics)
    return {**case, **error}


def described(name: str, row: Choice) -> Case:
    row = given(row)
    outside = {key: row.pop(key) for key in OUTSIDE if key in row}
    return {"lr_scheduler_type": name, **outside, **({"lr_scheduler_kwargs": row} if row else {})}


def parameters_of(name: str) -> Choice:
    if name == "reduce_lr_on_plateau":
        return signature(torch.optim.lr_scheduler.ReduceLROnPlateau)
    if name == "greedy":
        return signature(GreedyLR)
    found = signature(TYPE_TO_SCHEDULER_FUNCTION[SchedulerType(name)])
    found.pop("num_training_steps", None)
    return {("warmup_steps" if key == "num_warmup_steps" else key): value for key, value in found.items()}


def fixture(
    name: str,
    levels: Levels,
    steps: Callable[[Choice, int, int], Sequence[int]] = lambda row, warmup, total: around([warmup], total),
    edges: Sequence[Choice] = (),
    valid: Callable[[Choice], bool] = lambda _: True,
) -> None:
    rows, excluded = pairwise(levels, valid)

    def recorded(_: str, row: Choice, metrics: list[float | None] | None) -> Case:
        description = described(name, row)
        if metrics is not None:
            at: Sequence[int] = range(len(metrics) + 1)
        else:
            at = steps(given(row), warmup_steps_of(description), description.get("max_steps", 10))
        return record(description, list(at), metrics)

    cases = cases_of({"pair": rows, "edge": edges}, recorded)
    write("transformers", name, PROGRAM, ("torch", "transformers"), cases, levels, excluded, parameters_of(name))


RUN: Levels = {"warmup_steps": [None, 1, 6, 0.15], "max_steps": [40, 13], "learning_rate": [None, 0.1]}
# warm-up as long as the run and longer, a run of one step, and of one step with warm-up
SHORT: list[Choice] = [
    {"warmup_steps": 8, "max_steps": 8},
    {"warmup_steps": 9, "max_steps": 8},
    {"warmup_steps": 7, "max_steps": 8},
    {"warmup_steps": 12, "max_steps": 8},
    {"max_steps": 1},
    {"warmup_steps": 1, "max_steps": 1},
    {"warmup_steps": 1, "max_steps": 2},
]
LONG: Choice = {"warmup_steps": 500, "max_steps": 10_000}


def short(**kwargs: Any) -> list[Choice]:
    return [{**row, "learning_rate": 0.1, **kwargs} for row in SHORT]


def main() -> None:
    fixture("constant", {"learning_rate": [None, 0.1], "warmup_steps": [None, 5]}, edges=[{"max_steps": 10}])
    fixture("constant_with_warmup", {**RUN, "max_steps": [40, 13]}, edges=short())
    fixture("linear", RUN, edges=[*short(), LONG])

    cycles = lambda row, warmup, total: around(
        [warmup, *(warmup + (total - warmup) * k / (2 * row.get("num_cycles", 0.5)) for k in range(1, 4))], total
    )
    fixture("cosine", {**RUN, "num_cycles": [None, 1, 2.5]}, cycles, edges=[*short(), LONG])
    restarts = lambda row, warmup, total: around(
        [warmup, *(warmup + (total - warmup) * k / row.get("num_cycles", 1) for k in range(1, 4))], total
    )
    fixture("cosine_with_restarts", {**RUN, "num_cycles": [None, 2, 3, 2.5]}, restarts, edges=[*short(), *short(num_cycles=3)])
    fixture(
        "polynomial",
        {**RUN, "lr_end": [None, 1e-5, 0.0], "power": [None, 2.0, 0.5]},
        edges=[*short(), {**LONG, "power": 2.0}, {"max_steps": 10, "lr_end": 1.0}],
    )
    fixture("inverse_sqrt", {**RUN, "timescale": [None, 3, 20]}, edges=[*short(), {"max_steps": 20}])
    fixture(
        "cosine_with_min_lr",
        {**RUN, "num_cycles": [None, 1.5], "min_lr": [None, 1e-5, 0.0], "min_lr_rate": [None, 0.1]},
        cycles,
        edges=[
            *short(min_lr_rate=0.1),
            {"max_steps": 10},
            {"max_steps": 10, "min_lr": 1e-6, "min_lr_rate": 0.1},
            {**LONG, "min_lr": 1e-6},
        ],
        valid=lambda row: (row["min_lr"] is None) != (row["min_lr_rate"] is None),
    )
    fixture(
        "cosine_warmup_with_min_lr",
        {
            **RUN,
            "num_cycles": [None, 1.5],
            "min_lr": [None, 1e-5, 0.0],
            "min_lr_rate": [None, 0.1],
            "warmup_lr_rate": [None, 0.0, 0.2],
        },
        cycles,
        edges=[
            *short(min_lr_rate=0.1),
            *short(min_lr_rate=0.1, warmup_lr_rate=0.25),
            {"max_steps": 10},
            {"max_steps": 10, "min_lr": 1e-6, "min_lr_rate": 0.1},
        ],
        valid=lambda row: (row["min_lr"] is None) != (row["min_lr_rate"] is None),
    )

    def stable(row: Choice, warmup: int, total: int) -> list[int]:
        decay = row["num_decay_steps"]
        rest = row.get("num_stable_steps", total - warmup - decay)
        return around([warmup, warmup + rest, warmup + rest + decay], total)

    fixture(
        "warmup_stable_decay",
        {
            **RUN,
            "num_decay_steps": [5, 1],
            "num_stable_steps": [None, 4, 0],
            "warmup_type": [None, "cosine", "1-sqrt"],
            "decay_type": [None, "linear", "1-sqrt"],
            "min_lr_ratio": [None, 0.1],
            "num_cycles": [None, 1.5],
        },
        stable,
        edges=[
            *short(num_decay_steps=1, num_stable_steps=3),
            {"warmup_steps": 3, "num_decay_steps": 4, "num_stable_steps": 3},
            {"num_decay_steps": 4},
            {"max_steps": 10, "num_decay_steps": 4, "warmup_type": "step"},
            {"max_steps": 10, "num_decay_steps": 4, "decay_type": "step"},
            {"max_steps": 10, "num_decay_steps": 0, "num_stable_steps": 5},
            {"max_steps": 6, "warmup_steps": 4, "num_decay_steps": 4, "learning_rate": 0.1},
        ],
    )
    fixture(
        "reduce_lr_on_plateau",
        {
            "mode": [None, "max"],
            "factor": [None, 0.5],
            "patience": [None, 0, 2],
            "threshold": [None, 0.05],
            "threshold_mode": [None, "abs"],
            "cooldown": [None, 2],
            "min_lr": [None, 2e-5],
            "eps": [None, 1e-9],
            "learning_rate": [None, 0.1],
            "warmup_steps": [None, 5],
            "trace": list(TRACES),
        },
    )
    fixture(
        "greedy",
        {
            "mode": [None, "max"],
            "factor": [None, 0.5],
            "patience": [None, 0, 1],
            "threshold": [None, 0.05],
            "threshold_mode": [None, "rel"],
            "cooldown": [None, 2],
            "warmup": [None, 2],
            "min_lr": [None, 0.05, 1e-5],
            "max_lr": [None, 0.15],
            "eps": [None, 0.02],
            "verbose": [None, True],
            "smooth": [None, True],
            "window_size": [None, 3],
            "reset_start": [None, 2, 1],
            "learning_rate": [None, 0.1],
            "trace": list(TRACES),
        },
        edges=[{"factor": 0.5, "patience": 0, "min_lr": 0.05, "reset_start": 2, "learning_rate": 0.1, "trace": trace} for trace in TRACES]
        + [{"factor": 0.8, "patience": 1, "smooth": True, "window_size": 4, "min_lr": 1e-4, "learning_rate": 0.1, "trace": trace} for trace in TRACES]
        + [{"factor": 1.0, "trace": "ties"}, {"mode": "best", "trace": "ties"}],
    )
    missing = sorted(t.value for t in SchedulerType if not (FIXTURES / "transformers" / f"{t.value}.json").exists())
    sys.exit(f"not recorded: {missing}" if missing else 0)


if __name__ == "__main__":
    main()
