"""Records chains of PyTorch schedulers past a million steps, where only what repeats can still be computed. Takes a few
minutes: PyTorch has no other way there than step by step."""

from __future__ import annotations

import json
import warnings

from common import FIXTURES, versions
from torch_build import build, optimizer_of

PROGRAM = "torch_far.py"
STEPS = [999_999, 1_000_000, 1_000_001, 1_000_036, 1_010_001, 1_020_000]


def chain(*schedulers: tuple[str, dict]) -> dict:
    return {"name": "ChainedScheduler", "args": {"schedulers": [{"name": name, "args": args} for name, args in schedulers]}, "lr": 0.1}


CHAINS = {
    "warmup-and-wave": chain(("LinearLR", {"start_factor": 0.01, "total_iters": 20}), ("CosineAnnealingLR", {"T_max": 100})),
    "share-and-wave": chain(("ExponentialLR", {"gamma": 0.99}), ("CosineAnnealingLR", {"T_max": 50, "eta_min": 0.01})),
    "steps-and-wave": chain(("CosineAnnealingLR", {"T_max": 40, "eta_min": 0.02}), ("StepLR", {"step_size": 30, "gamma": 0.9})),
    "two-waves": chain(("CosineAnnealingLR", {"T_max": 7, "eta_min": 0.01}), ("CosineAnnealingLR", {"T_max": 5, "eta_min": 0.03})),
    "warmup-and-restarts": chain(("LinearLR", {"total_iters": 1000}), ("CosineAnnealingWarmRestarts", {"T_0": 37})),
    "polynomial-and-wave": chain(("PolynomialLR", {"total_iters": 30, "power": 2.0}), ("CosineAnnealingLR", {"T_max": 9, "eta_min": 0.04})),
}  # fmt: skip


def main() -> None:
    warnings.simplefilter("ignore")
    cases = []
    for name, description in CHAINS.items():
        optimizer = optimizer_of(description)
        scheduler = build(description, optimizer)
        found = {}
        for step in range(STEPS[-1] + 1):
            if step in STEPS:
                found[step] = float(optimizer.param_groups[0]["lr"])
            scheduler.step()  # what the optimizer does in between changes no rate
        case = {"id": name, "description": description, "steps": STEPS, "values": {"learningRate": [found[step] for step in STEPS]}}
        cases.append(case)
        print(name, flush=True)
    head = {"program": f"tools/reference/{PROGRAM}", "command": f"python tools/reference/{PROGRAM}", "versions": versions("torch")}
    compact = lambda value: json.dumps(value, separators=(",", ":"), allow_nan=False)
    lines = [f'"{key}":{compact(value)}' for key, value in head.items()]
    (FIXTURES / "torch" / "far.json").write_text("{" + ",\n".join(lines) + ',\n"cases":[\n' + ",\n".join(map(compact, cases)) + "\n]}\n")


if __name__ == "__main__":
    main()
