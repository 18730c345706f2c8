"""Records the schedulers of MosaicML Composer: the factor of each batch times the optimizer's rate.

A run of 60 batches, in epochs of 10; the state that a scheduler looks at holds Composer's own Time and Timestamp.
"""

from __future__ import annotations

import inspect
import logging
import types
import warnings
from typing import Any

warnings.simplefilter("ignore")
logging.disable(logging.WARNING)

from common import finite, given, pairwise, signature, write
from composer_import import Time, Timestamp, schedulers

PROGRAM = "composer_schedulers.py"
PACKAGES = ("mosaicml", "torch")
TOTAL, EPOCH = 60, 10


def case(identity: str, name: str, args: dict[str, Any], lr: float, ratio: float | None, **more: Any) -> dict[str, Any]:
    description = {"name": name, "args": args, "lr": lr, **({} if ratio is None else {"scale_schedule_ratio": ratio})}
    values = []
    try:
        scheduler = getattr(schedulers, name)(**args)
        for step in range(TOTAL + 20):
            timestamp = Timestamp(batch=step, epoch=step // EPOCH, batch_in_epoch=step % EPOCH)
            state = types.SimpleNamespace(max_duration=Time(TOTAL, "ba"), dataloader_len=Time(EPOCH, "ba"), timestamp=timestamp)
            values.append(finite(lr * scheduler(state, ratio or 1.0)))
    except (ValueError, ZeroDivisionError, RuntimeError) as error:
        return {"id": identity, "description": description, "error": type(error).__name__}
    horizon = {"totalSteps": TOTAL, "stepsPerEpoch": EPOCH}
    return {"id": identity, "description": description, "horizon": horizon, **more, "steps": list(range(len(values))), "values": {"learningRate": values}}


ALPHA = {"alpha_f": [None, 0.1]}
END = {"t_max": [None, "0.5dur", "3ep", "40ba"]}
# With a warm-up the end may not come before the run's.
LATE = {"t_max": [None, "60ba", "9ep"], "scale_warmup": [None, True], "t_warmup": ["0.1dur", "5ba", "1ep", "0ba"]}
SCHEDULERS: dict[str, dict[str, list[Any]]] = {
    "StepScheduler": {"step_size": ["1ep", "7ba", "0.25dur"], "gamma": [None, 0.5]},
    "MultiStepScheduler": {"milestones": [["1ep"], ["5ba", "0.5dur"], ["30ba", "2ep", "2ep"]], "gamma": [None, 0.5]},
    "ConstantScheduler": {"alpha": [None, 0.2], **END},
    "LinearScheduler": {"alpha_i": [None, 0.2], **ALPHA, **END},
    "ExponentialScheduler": {"gamma": [0.9, 0.5], "decay_period": [None, "7ba", "0.25dur"]},
    "CosineAnnealingScheduler": {**END, **ALPHA},
    "CosineAnnealingWarmRestartsScheduler": {"t_0": ["1ep", "7ba", "0.1dur"], "t_mult": [None, 2.0, 3.0], **ALPHA},
    "PolynomialScheduler": {"power": [1.0, 2.0, 0.5], **END, **ALPHA},
    "MultiStepWithWarmupScheduler": {
        "t_warmup": LATE["t_warmup"],
        "milestones": [["3ba"], ["20ba", "4ep"]],
        "gamma": [None, 0.5],
        "scale_warmup": [None, True],
    },
    "ConstantWithWarmupScheduler": {"alpha": [None, 0.2], **LATE},
    "LinearWithWarmupScheduler": {"alpha_i": [None, 0.2], **ALPHA, **LATE},
    "CosineAnnealingWithWarmupScheduler": {**ALPHA, **LATE},
    "PolynomialWithWarmupScheduler": {"power": [None, 1.0, 0.5], **ALPHA, **LATE},
}
EDGES: dict[str, list[dict[str, Any]]] = {
    "StepScheduler": [{"step_size": "0ba"}, {"step_size": "5sec"}],
    "LinearScheduler": [{"t_max": "0ba"}],
    "CosineAnnealingWarmRestartsScheduler": [{"t_0": "10ba", "t_mult": 1.25}],
    "LinearWithWarmupScheduler": [{"t_warmup": "5ba", "t_max": "30ba"}, {"t_warmup": "60ba"}],
}


def main() -> None:
    made = {name for name, c in inspect.getmembers(schedulers, inspect.isclass) if name.endswith("Scheduler")}
    assert set(SCHEDULERS) == made - {"ComposerScheduler", "LRScheduler"}, made
    for name, own_levels in SCHEDULERS.items():
        own = signature(getattr(schedulers, name))
        assert set(own) == set(own_levels), (name, own)
        levels = {**own_levels, "lr": [0.1, 2.0], "scale_schedule_ratio": [None, 2.0]}
        rows, excluded = pairwise(levels)
        cases = []
        for index, row in enumerate(rows):
            args = given({key: value for key, value in row.items() if key in own})
            cases.append(case(f"pair-{index}", name, args, row["lr"], row["scale_schedule_ratio"], pairwise=True, levels=row))
        for index, args in enumerate(EDGES.get(name, ())):
            cases.append(case(f"edge-{index}", name, args, 0.1, None))
        write("composer", name, PROGRAM, PACKAGES, cases, levels, excluded, own)


if __name__ == "__main__":
    main()
