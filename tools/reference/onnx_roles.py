"""Exports small modules from PyTorch and records which tensors of each file PyTorch trains, for the tests of @anneal/onnx.

Each module holds something that is no parameter (a buffer, a table, a state, a constant) beside something that is. The files lie in the
record itself, without the notes that the exporter makes on every node. Writes packages/onnx/src/roles/fixtures/roles.json.

Run: python tools/reference/onnx_roles.py, with requirements-onnx.txt.
"""

from __future__ import annotations

import base64
import json
import math
import pathlib
import tempfile
import warnings
from collections.abc import Callable
from typing import Any

import onnx
import torch
import torch.nn.functional as F
from torch import nn
from torch.nn.utils import parametrizations

from common import versions
from onnx_exports import dynamo, legacy

OUT = pathlib.Path(__file__).resolve().parents[2] / "packages" / "onnx" / "src" / "roles" / "fixtures" / "roles.json"


class Module(nn.Module):
    """A function of a module with parts, parameters and buffers."""

    def __init__(self, f: Callable[..., torch.Tensor], buffers: dict[str, torch.Tensor] | None = None, **parts: Any) -> None:
        super().__init__()
        self.f = f
        for name, part in parts.items():
            setattr(self, name, nn.Parameter(part) if isinstance(part, torch.Tensor) else part)
        for name, buffer in (buffers or {}).items():
            self.register_buffer(name, buffer)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.f(self, x)


def rotary(m: Module, x: torch.Tensor) -> torch.Tensor:
    """Rotary embedding with stored tables."""
    q = m.q(x)
    half = q.shape[-1] // 2
    turned = torch.cat((-q[..., half:], q[..., :half]), -1)
    return q * m.cos + turned * m.sin


def frequencies(m: Module, x: torch.Tensor) -> torch.Tensor:
    """Rotary embedding whose angles are a matrix product with stored frequencies."""
    q = m.q(x)
    angles = m.inv_freq[None, :, None] @ torch.arange(x.shape[1], dtype=torch.float32)[None, None, :]
    angles = torch.cat((angles, angles), 1).transpose(1, 2)
    return q * angles.cos() + q.flip(-1) * angles.sin()


def windowed(m: Module, x: torch.Tensor) -> torch.Tensor:
    """Attention with a relative position bias that is looked up, and a mask of 0 and −100."""
    bias = m.table[m.pairs.view(-1)].view(4, 4, 2).permute(2, 0, 1)
    q = m.q(x).unsqueeze(1)
    scores = q @ q.transpose(-1, -2) + bias + m.mask
    return (scores.softmax(-1) @ q).sum(1)


def sinusoid(steps: int, width: int) -> torch.Tensor:
    at = torch.arange(steps).unsqueeze(1) * torch.exp(torch.arange(0, width, 2) * (-math.log(10000.0) / width))
    return torch.stack((at.sin(), at.cos()), 2).flatten(1)


def zeros_joined(m: Module, x: torch.Tensor) -> torch.Tensor:
    """A linear layer whose bias has no part for the keys."""
    return F.linear(x, m.weight, torch.cat((m.q_bias, torch.zeros(2), m.v_bias)))


def angles(width: int) -> torch.Tensor:
    return 1.0 / 10000 ** (torch.arange(0, width, 2).float() / width)


def modules() -> dict[str, tuple[nn.Module, torch.Tensor]]:
    torch.manual_seed(0)
    rand = torch.randn
    sequence, image = rand(2, 5, 4), rand(2, 3, 6, 6)
    embedded = nn.Embedding(7, 4)
    turns = torch.arange(5).float()[:, None] * angles(4).repeat(2)[None]
    image_mean = {"mean": torch.tensor([0.485, 0.456, 0.406]).view(1, 3, 1, 1), "std": torch.tensor([0.229, 0.224, 0.225]).view(1, 3, 1, 1)}
    return {
        "mean and deviation": (Module(lambda m, x: m.a((x - m.mean) / m.std), image_mean, a=nn.Conv2d(3, 4, 3)), image),
        "mean and deviation, as a scale and a shift": (
            Module(lambda m, x: m.a(x * m.scale + m.shift), {"scale": 1 / image_mean["std"], "shift": -image_mean["mean"]}, a=nn.Conv2d(3, 4, 3)),
            image,
        ),
        "a causal mask": (
            Module(
                lambda m, x: (m.q(x) @ x.transpose(1, 2) + m.mask).softmax(-1) @ x, {"mask": torch.triu(torch.full((5, 5), -1e4), 1)}, q=nn.Linear(4, 4)
            ),
            sequence,
        ),
        "a mask of zeros": (
            Module(lambda m, x: (m.q(x) @ x.transpose(1, 2) + m.mask).softmax(-1) @ x, {"mask": torch.zeros(5, 5)}, q=nn.Linear(4, 4)),
            sequence,
        ),
        "a masked weight": (
            Module(lambda m, x: F.linear(x, m.weight * m.mask), {"mask": torch.tril(torch.ones(4, 4))}, weight=rand(4, 4)),
            sequence,
        ),
        "a constant in the forward function": (Module(lambda m, x: m.a(x) * torch.tensor([1.0, 2, 3]), a=nn.Linear(4, 3)), rand(2, 4)),
        "group normalisation": (nn.Sequential(nn.Conv2d(3, 4, 3), nn.GroupNorm(2, 4)), image),
        "instance normalisation without scale": (nn.Sequential(nn.Conv2d(3, 4, 3), nn.InstanceNorm2d(4)), image),
        "instance normalisation with scale": (nn.Sequential(nn.Conv2d(3, 4, 3), nn.InstanceNorm2d(4, affine=True)), image),
        "batch normalisation": (nn.Sequential(nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4)), image),
        "layer normalisation first": (nn.Sequential(nn.LayerNorm(4), nn.Linear(4, 3)), sequence),
        "an LSTM from zero states": (Module(lambda m, x: m.cell(x)[0], cell=nn.LSTM(4, 3, batch_first=True)), sequence),
        "a GRU from zero states": (Module(lambda m, x: m.cell(x)[0], cell=nn.GRU(4, 3, bidirectional=True, batch_first=True)), sequence),
        "rotary tables": (Module(rotary, {"cos": turns.cos(), "sin": turns.sin()}, q=nn.Linear(4, 4)), sequence),
        "rotary frequencies": (Module(frequencies, {"inv_freq": angles(8)}, q=nn.Linear(8, 8)), rand(2, 5, 8)),
        "sinusoidal positions": (Module(lambda m, x: m.a(m.a(x) + m.pe[: x.shape[1]]), {"pe": sinusoid(9, 4)}, a=nn.Linear(4, 4)), sequence),
        "learnt positions": (Module(lambda m, x: m.a(m.a(x) + m.positions), positions=rand(1, 5, 4) / 50, a=nn.Linear(4, 4)), sequence),
        "a class token": (
            Module(lambda m, x: m.a(torch.cat((m.token.expand(x.shape[0], -1, -1), m.a(x)), 1)), token=torch.zeros(1, 1, 4), a=nn.Linear(4, 4)),
            sequence,
        ),
        "a layer scale": (Module(lambda m, x: x + m.a(x) * m.gamma, gamma=torch.full((4,), 0.1), a=nn.Linear(4, 4)), sequence),
        "an embedding": (Module(lambda m, x: m.a(m.e(x)), e=embedded, a=nn.Linear(4, 2)), torch.tensor([[0, 1, 2], [3, 6, 0]])),
        "a tied embedding": (Module(lambda m, x: F.linear(m.e(x), m.e.weight), e=nn.Embedding(7, 4)), torch.tensor([[0, 1, 2], [3, 6, 0]])),
        "a schedule that is looked up": (
            Module(lambda m, x: m.a(m.e(x)) * m.alphas[x].unsqueeze(-1), {"alphas": torch.linspace(0.9, 0.1, 7)}, e=embedded, a=nn.Linear(4, 2)),
            torch.tensor([[0, 1, 2], [3, 6, 0]]),
        ),
        "weight normalisation": (parametrizations.weight_norm(nn.Linear(4, 3)), sequence),
        "spectral normalisation": (parametrizations.spectral_norm(nn.Linear(4, 3)), sequence),
        "a relative position bias": (
            Module(
                windowed,
                {"pairs": torch.tensor([[0, 1, 2, 3], [1, 0, 4, 2], [2, 4, 0, 1], [3, 2, 1, 0]]), "mask": -100.0 * torch.eye(4)},
                table=rand(5, 2) / 50,
                q=nn.Linear(4, 4),
            ),
            rand(2, 4, 4),
        ),
        "a bias in parts": (Module(zeros_joined, weight=rand(6, 4), q_bias=rand(2), v_bias=rand(2)), sequence),
        "a low rank addition": (Module(lambda m, x: F.linear(x, m.weight + m.b @ m.a), weight=rand(3, 4), a=rand(2, 4), b=rand(3, 2)), sequence),
        "a parametric rectifier": (nn.Sequential(nn.Linear(4, 3), nn.PReLU(3)), rand(2, 4)),
        "a base that is scattered into": (
            Module(lambda m, x: m.base.expand(x.shape[0], -1).scatter_add(1, (m.a(x) > 9).long(), m.a(x)), {"base": rand(1, 5)}, a=nn.Linear(4, 3)),
            rand(2, 4),
        ),
    }


def exported(net: nn.Module, x: torch.Tensor, exporter: str) -> onnx.ModelProto:
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        path = pathlib.Path(folder) / "model.onnx"
        # In train mode a spectral normalisation moves its buffers, which the older exporter cannot write.
        net.train("parametrizations.weight.0._u" not in net.state_dict())
        name = "input" if isinstance(net, nn.Sequential | nn.Linear) else "x"
        if exporter == "dynamo":
            dynamo(net, {name: x}, path, {"optimize": False, "external_data": False})
        else:
            legacy(net, {name: x}, path, {"opset_version": 17, "training": "PRESERVE", "do_constant_folding": False})
        return bare(onnx.load(path))


def encoded(model: onnx.ModelProto) -> str:
    return base64.b64encode(model.SerializeToString()).decode()


def bare(model: onnx.ModelProto) -> onnx.ModelProto:
    """Without the notes on nodes and values."""
    for node in model.graph.node:
        del node.metadata_props[:]
        node.doc_string = ""
    for value in (*model.graph.value_info, *model.graph.input, *model.graph.output):
        del value.metadata_props[:]
    del model.graph.value_info[:]
    return model


def folded() -> dict[str, onnx.ModelProto]:
    """Files that the exporters write without the options that keep a network as it is."""
    subjects = modules()
    token, sequence = subjects["a class token"]
    norms = nn.Sequential(nn.Linear(4, 4), nn.LayerNorm(4), nn.Linear(4, 4), nn.LayerNorm(4))
    wanted = {
        "batch normalisation, dynamo": (*subjects["batch normalisation"], {}),
        "batch normalisation, legacy": (*subjects["batch normalisation"], {"dynamo": False, "opset_version": 17}),
        "a tied embedding, dynamo": (*subjects["a tied embedding"], {}),
        "equal normalisations, dynamo": (norms, sequence, {}),
        "a class token, dynamo": (token, sequence, {}),
    }
    found = {}
    for name, (net, x, options) in wanted.items():
        with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            path = pathlib.Path(folder) / "model.onnx"
            given = {"external_data": False, "verbose": False, **options} if "dynamo" not in options else options
            torch.onnx.export(net.eval(), (x,), str(path), **given)
            found[name] = bare(onnx.load(path))
    return found


def main() -> None:
    cases = []
    for name, (net, x) in modules().items():
        parameters = {key for key, _ in net.named_parameters()}
        for exporter in ("dynamo", "legacy"):
            try:
                model = exported(net, x, exporter)
            except torch.onnx.errors.UnsupportedOperatorError:
                # The older exporter lacks vdot, which spectral normalisation is made of.
                continue
            held = {tensor.name for tensor in model.graph.initializer}
            assert held.issuperset(parameters), f"{name}, {exporter}: {parameters - held} are not in the file"
            cases.append({"name": name, "exporter": exporter, "trained": sorted(parameters), "model": encoded(model)})
    OUT.parent.mkdir(parents=True, exist_ok=True)
    OUT.write_text(json.dumps({"versions": versions("torch", "onnx", "onnxscript"), "cases": cases, "folded": {name: encoded(model) for name, model in folded().items()}}, indent=1) + "\n")


if __name__ == "__main__":
    main()
