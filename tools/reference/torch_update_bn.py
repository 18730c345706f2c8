"""Records the statistics that PyTorch's update_bn gives a batch normalisation, wherever a model holds it.

The data is that of packages/tfjs/src/ops/recalibrateBatchNorm.test.ts: three batches of four sequences of three steps with two
features, in float64. PyTorch keeps the unbiased variance, tfjs the population's: it is recorded as the latter.
Writes packages/tfjs/test/fixtures/torch_update_bn.json.

Run: python torch_update_bn.py, with torch 2.13.0 (requirements-torch.txt).
"""

from __future__ import annotations

import json
import math
import pathlib
import platform

import torch
from torch.optim.swa_utils import update_bn

OUT = pathlib.Path(__file__).resolve().parents[2] / "packages" / "tfjs" / "test" / "fixtures" / "torch_update_bn.json"
SIZE = 4

DATA = torch.tensor(
    [
        [[[math.sin(i + 2.3 * k + 1.1 * t), 2 * math.cos(0.7 * i - k + t)] for k in range(3)] for i in range(SIZE)]
        for t in range(3)
    ],
    dtype=torch.float64,
)


class Twice(torch.nn.Module):
    """One layer in two branches: of the input and of its double."""

    def __init__(self, norm: torch.nn.Module) -> None:
        super().__init__()
        self.norm = norm

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.norm(x) + self.norm(2 * x)


class EachStep(torch.nn.Module):
    """One layer for every step of a sequence."""

    def __init__(self, norm: torch.nn.Module) -> None:
        super().__init__()
        self.norm = norm

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.stack([self.norm(x[:, k]) for k in range(x.shape[1])], dim=1)


def record(make: type[torch.nn.Module], batches: torch.Tensor, deep: int = 0) -> dict[str, list[float]]:
    norm = torch.nn.BatchNorm1d(2, momentum=0.01, dtype=torch.float64)
    model = make(norm)
    for _ in range(deep):
        model = torch.nn.Sequential(model)
    # Statistics that are no longer a beginning's.
    for batch in batches:
        model(batch * 3 + 1)
    update_bn(list(batches), model)
    assert norm.momentum == 0.01
    variance = norm.running_var * (SIZE - 1) / SIZE
    return {"mean": norm.running_mean.tolist(), "variance": variance.tolist()}


first = DATA[:, :, 0]
CASES = {
    "one call for each batch": record(torch.nn.Sequential, first),
    "in nested models": record(torch.nn.Sequential, first, deep=4),
    "in two branches": record(Twice, first),
    "for each step of time": record(EachStep, DATA),
}

OUT.write_text(
    json.dumps(
        {
            "program": "tools/reference/torch_update_bn.py",
            "versions": {"python": platform.python_version(), "torch": torch.__version__},
            "cases": CASES,
        }
    )
    + "\n"
)
