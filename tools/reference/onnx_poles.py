"""Records values and gradients of PyTorch where functions have a pole or a corner, for the tests of @anneal/onnxruntime-web.

Each module is f(x + b), b zero; the loss is the sum of its elements times cos(1 + 2.3 i), and the gradient that of b. Numbers that are not
finite are written as text. Writes packages/onnxruntime-web/test/rules/fixtures/poles.json.

Run: python tools/reference/onnx_poles.py, with requirements-onnx.txt.
"""

from __future__ import annotations

import json
import math
import pathlib
import tempfile
import warnings
from collections.abc import Callable

import onnx
import torch
import torch.nn.functional as F
from torch import nn

import onnx_exports
from common import versions
from onnx_roles import bare, encoded

OUT = pathlib.Path(__file__).resolve().parents[2] / "packages" / "onnxruntime-web" / "test" / "rules" / "fixtures" / "poles.json"

Function = Callable[[torch.Tensor], torch.Tensor]

ZEROS = [[0.0, 0, 0, 0], [1, 2, -1, 0.5], [2, 2, 2, 2]]
CORNERS = [[0.0, 6, 3, -3], [1, -1, 0.5, -0.5], [7, -7, 2, -2]]
INFINITE = [[-math.inf] * 4, [-math.inf, 1, 2, 0], [1, 2, 3, 4]]

FUNCTIONS: dict[str, tuple[list[list[float]], Function]] = {
    "norm": (ZEROS, lambda h: torch.linalg.vector_norm(h, dim=1)),
    "norm, kept": (ZEROS, lambda h: h.norm(dim=1, keepdim=True)),
    "norm of everything": (torch.zeros(3, 4).tolist(), lambda h: h.norm()),
    "1-norm": (ZEROS, lambda h: h.norm(p=1, dim=1)),
    "3-norm": (ZEROS, lambda h: torch.linalg.vector_norm(h, ord=3, dim=1)),
    "0.5-norm": (ZEROS, lambda h: torch.linalg.vector_norm(h, ord=0.5, dim=1)),
    "largest norm": (ZEROS, lambda h: torch.linalg.vector_norm(h, ord=math.inf, dim=1)),
    "Frobenius norm": (torch.zeros(3, 4).tolist(), lambda h: torch.linalg.matrix_norm(h)),
    "normalize": (ZEROS, lambda h: F.normalize(h, dim=1)),
    "normalize, large epsilon": (ZEROS, lambda h: F.normalize(h, dim=1, eps=1e-3)),
    "cosine similarity": (ZEROS, lambda h: F.cosine_similarity(h, h.flip(1), dim=1)),
    "standard deviation": (ZEROS, lambda h: h.std(dim=1)),
    "standard deviation, biased": (ZEROS, lambda h: h.std(dim=1, unbiased=False)),
    "variance": (ZEROS, lambda h: h.var(dim=1)),
    "distances": (ZEROS, lambda h: torch.cdist(h, h.flip(0))),
    "pairwise distance": (ZEROS, lambda h: F.pairwise_distance(h, h.flip(0))),
    "layer normalisation": (ZEROS, lambda h: F.layer_norm(h, (4,))),
    "square root": (ZEROS, torch.sqrt),
    "reciprocal": (ZEROS, torch.reciprocal),
    "logarithm": (ZEROS, torch.log),
    "power 0": (ZEROS, lambda h: h**0.0),
    "powers 0, 1, 2, 0.5": (ZEROS, lambda h: h ** torch.tensor([0.0, 1, 2, 0.5])),
    "power 3": (ZEROS, lambda h: h**3),
    "power of constants": (ZEROS, lambda h: torch.tensor([0.0, 1, 2, 0.5]) ** h),
    "logarithm of a sum of exponentials": (INFINITE, lambda h: h.logsumexp(1)),
    "softmax": (ZEROS, lambda h: h.softmax(1)),
    "absolute value": (CORNERS, torch.abs),
    "relu": (CORNERS, F.relu),
    "relu6": (CORNERS, F.relu6),
    "clamp": (CORNERS, lambda h: h.clamp(-1, 3)),
    "clamp below": (CORNERS, lambda h: h.clamp(min=0)),
    "leaky relu": (CORNERS, F.leaky_relu),
    "elu": (CORNERS, F.elu),
    "selu": (CORNERS, F.selu),
    "celu": (CORNERS, F.celu),
    "softplus": (CORNERS, F.softplus),
    "softsign": (CORNERS, F.softsign),
    "hard sigmoid": (CORNERS, F.hardsigmoid),
    "hard swish": (CORNERS, F.hardswish),
    "maximum": (CORNERS, lambda h: torch.maximum(h, h.flip(1))),
    "largest": (ZEROS, lambda h: h.amax(1)),
}


class Module(nn.Module):
    def __init__(self, f: Function) -> None:
        super().__init__()
        self.f = f
        self.b = nn.Parameter(torch.zeros(3, 4))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.f(x + self.b)


def written(tensor: torch.Tensor) -> list[float | str]:
    return [value if math.isfinite(value) else str(value) for value in tensor.flatten().tolist()]


def exported(net: nn.Module, x: torch.Tensor, exporter: str) -> str | None:
    """The file, or nothing where the exporter lacks an operator."""
    options = {"opset_version": 17, "dynamo": False, "do_constant_folding": False, "training": torch.onnx.TrainingMode.TRAINING}
    default = {"optimize": False, "external_data": False, "verbose": False}
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        path = pathlib.Path(folder) / "model.onnx"
        given = options if exporter == "legacy" else default
        try:
            torch.onnx.export(net, (x,), str(path), input_names=["x"], output_names=["y"], **given)
        except (torch.onnx.errors.UnsupportedOperatorError, torch.onnx.errors.OnnxExporterError):
            return None
        return encoded(bare(onnx.load(path)))


def main() -> None:
    assert onnx_exports  # it silences what the exporters note
    cases = []
    for name, (rows, f) in FUNCTIONS.items():
        x = torch.tensor(rows)
        net = Module(f)
        y = net(x)
        weights = torch.cos(1 + 2.3 * torch.arange(y.numel(), dtype=torch.float64)).float().reshape(y.shape)
        (y * weights).sum().backward()
        assert net.b.grad is not None
        for exporter in ("dynamo", "legacy"):
            model = exported(net, x, exporter)
            if model is not None:
                case = {"name": name, "exporter": exporter, "x": written(x), "y": written(y), "gradient": written(net.b.grad), "model": model}
                cases.append(case)
    OUT.parent.mkdir(parents=True, exist_ok=True)
    OUT.write_text(json.dumps({"versions": versions("torch", "onnx", "onnxscript"), "cases": cases}, indent=1) + "\n")


if __name__ == "__main__":
    main()
