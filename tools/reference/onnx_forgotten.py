"""Records how PyTorch trains what no exporter writes down, for the tests of @anneal/onnxruntime-web: an embedding with a padding row, and a
value that is detached.

The loss is the mean squared error against cos(1 + 2.3 i), the optimizer SGD at 0.05. Writes
packages/onnxruntime-web/test/torch/fixtures/forgotten.json.

Run: python tools/reference/onnx_forgotten.py, with requirements-onnx.txt.
"""

from __future__ import annotations

import copy
import json
import pathlib
import tempfile
import warnings

import onnx
import torch
import torch.nn.functional as F
from torch import nn

import onnx_exports
from common import versions
from onnx_roles import bare, encoded

OUT = pathlib.Path(__file__).resolve().parents[2] / "packages" / "onnxruntime-web" / "test" / "torch" / "fixtures" / "forgotten.json"


class Bag(nn.Module):
    """Padding has no gradient in PyTorch; Gather has one."""

    def __init__(self) -> None:
        super().__init__()
        self.e = nn.Embedding(6, 3, padding_idx=0)
        self.head = nn.Linear(3, 2)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.head(torch.tanh(self.e(x)).sum(1))


class Target(nn.Module):
    """Two ways from one layer, of which one is detached."""

    def __init__(self) -> None:
        super().__init__()
        self.a = nn.Linear(3, 4)
        self.b = nn.Linear(4, 2)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        h = torch.tanh(self.a(x))
        return self.b(h.detach() * h)


SUBJECTS = {"padding": (Bag, torch.tensor([[0, 1, 2], [3, 0, 0]])), "detached": (Target, torch.linspace(-1, 1, 12).reshape(4, 3))}


def main() -> None:
    assert onnx_exports  # it silences what the exporters note
    cases = {}
    for name, (make, x) in SUBJECTS.items():
        torch.manual_seed(0)
        net = make().train()
        with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            path = pathlib.Path(folder) / "model.onnx"
            options = {"optimize": False, "external_data": False, "verbose": False}
            torch.onnx.export(copy.deepcopy(net), (x,), str(path), input_names=["x"], output_names=["output"], **options)
            model = encoded(bare(onnx.load(path)))
        sgd = torch.optim.SGD(net.parameters(), 0.05)
        losses = []
        for _ in range(6):
            y = net(x)
            target = torch.cos(1 + 2.3 * torch.arange(y.numel(), dtype=torch.float64)).float().reshape(y.shape)
            loss = F.mse_loss(y, target)
            losses.append(loss.item())
            sgd.zero_grad()
            loss.backward()
            sgd.step()
        cases[name] = {"x": x.tolist(), "output": list(y.shape), "losses": losses, "model": model}
    OUT.write_text(json.dumps({"versions": versions("torch", "onnx", "onnxscript"), "cases": cases}, indent=1) + "\n")


if __name__ == "__main__":
    main()
