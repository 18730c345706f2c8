"""Records fastai's training schedules: what a Learner's optimizer had at each batch of fit_one_cycle, fit_flat_cos, fit_sgdr
and of the range test. fastai keeps the knots in float32 tensors, so the values are float32 ones."""

from __future__ import annotations

import contextlib
import io
import warnings
from typing import Any

warnings.simplefilter("ignore")

import torch
from common import finite, given, pairwise, signature, write
from fastai.callback.schedule import LRFinder
from fastai.data.core import DataLoaders
from fastai.learner import Learner
from fastai.optimizer import Adam

PROGRAM = "fastai_schedules.py"
PACKAGES = ("fastai", "torch")
LEFT_OUT = ("self", "wd", "cbs", "reset_opt", "start_epoch", "stop_div")


def learner(batches: int) -> Learner:
    data = [(torch.zeros(1), torch.zeros(1)) for _ in range(batches)]
    loaders = DataLoaders(torch.utils.data.DataLoader(data), torch.utils.data.DataLoader(data[:1]))
    # Without a gradient the loss stays where it is and nothing stops early.
    model = torch.nn.Linear(1, 1)
    made = Learner(loaders, model, loss_func=lambda out, target: (out * 0).sum() + 1.0, opt_func=Adam, lr=0.01)
    made.remove_cbs([cb for cb in made.cbs if type(cb).__name__ == "ProgressCallback"])
    return made


def case(identity: str, name: str, args: dict[str, Any], batches: int, **more: Any) -> dict[str, Any]:
    description = {"name": name, "args": args}
    made = learner(batches)
    with contextlib.redirect_stdout(io.StringIO()):
        if name == "lr_find":
            made.fit(args.get("num_it", 100) // batches + 1, cbs=LRFinder(**args, stop_div=False))
            values = {"learningRate": [finite(rate) for rate in made.recorder.lrs]}
        else:
            getattr(made, name)(**args)
            values = {"learningRate": [finite(rate) for rate in made.recorder.hps["lr"]]}
            if "mom" in made.recorder.hps:
                values["beta1"] = [finite(momentum) for momentum in made.recorder.hps["mom"]]
    steps = list(range(len(values["learningRate"])))
    if name != "lr_find":
        more["precision"] = "float32"
    if name == "fit_sgdr" and (late := missed(args, batches, values["learningRate"])):
        more["except"] = [{"step": step, "why": "the float32 knot lies after the step"} for step in late]
    horizon = {"stepsPerEpoch": batches}
    return {"id": identity, "description": description, "horizon": horizon, **more, "steps": steps, "values": values}


def missed(args: dict[str, Any], batches: int, rates: list[float | None]) -> list[int]:
    """Restarts at which fastai still gives the end of the cycle before, its knot being rounded up."""
    start, length, late = 0, args["cycle_len"] * batches, []
    for _ in range(args["n_cycles"]):
        if rates[start] < 1e-6 * args["lr_max"]:
            late.append(start)
        start, length = start + length, length * args.get("cycle_mult", 2)
    return late


SCHEDULES: dict[str, dict[str, Any]] = {
    "fit_one_cycle": {
        "n_epoch": [1, 3],
        "lr_max": [0.1, 0.004],
        "div": [None, 10.0],
        "div_final": [None, 100.0],
        "pct_start": [None, 0.5],
        "moms": [None, [0.9, 0.8, 0.85]],
    },
    "fit_flat_cos": {"n_epoch": [1, 3], "lr": [0.1, 0.004], "div_final": [None, 100.0], "pct_start": [None, 0.5]},
    "fit_sgdr": {"n_cycles": [1, 3], "cycle_len": [1, 2], "lr_max": [0.1, 0.004], "cycle_mult": [None, 3]},
    "lr_find": {"start_lr": [None, 1e-5], "end_lr": [None, 1.0], "num_it": [None, 30]},
}


def main() -> None:
    for name, levels in SCHEDULES.items():
        own = signature(LRFinder.__init__ if name == "lr_find" else getattr(Learner, name), LEFT_OUT)
        assert set(own) == set(levels), (name, own)
        rows, excluded = pairwise(levels)
        cases = [case(f"pair-{index}", name, given(row), 12, pairwise=True, levels=row) for index, row in enumerate(rows)]
        first = {key: level[0] for key, level in levels.items() if level[0] is not None}
        cases.append(case("other-length", name, first, 7))
        write("fastai", name, PROGRAM, PACKAGES, cases, levels, excluded, own)


if __name__ == "__main__":
    main()
