"""Exports small networks from PyTorch and records how PyTorch trains them, for the tests of @anneal/onnxruntime-web.

For each network: the files that both exporters write, unmodified; 50 updates in train mode from the same weights, and the
gradients of the first batch. Batches are a formula (onnx_batches.py). Writes packages/onnxruntime-web/test/torch/fixtures.

Run: python tools/reference/onnx_models.py [network…], with requirements-onnx.txt.
"""

from __future__ import annotations

import json
import pathlib
import struct
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch import nn

from common import versions
from onnx_batches import Batch, images, tokens, vectors
from onnx_exports import Export, export
from onnx_networks import Cnn, Gpt, MobileNet, Mlp, Vit
from onnx_training import STEPS, Recipe, gradients, record, train

OUT = pathlib.Path(__file__).resolve().parents[2] / "packages" / "onnxruntime-web" / "test" / "torch" / "fixtures"

LEGACY = {"opset_version": 17, "training": "TRAINING", "do_constant_folding": False}


@dataclass(frozen=True)
class Subject:
    """A network, what it learns from, how it is trained, and the files it is exported to."""

    make: Callable[[], nn.Module]
    kind: str
    batch: dict[str, int]
    recipe: Recipe
    exports: tuple[Export, ...]
    gradients: bool = False
    # In rounds of as many updates as are recorded.
    pretraining: int = 1

    def batches(self, count: int, seed: int) -> list[Batch]:
        return {"vectors": vectors, "images": images, "tokens": tokens}[self.kind](count, seed=seed, **self.batch)


SUBJECTS = {
    "mlp": Subject(
        Mlp,
        "vectors",
        {"size": 16},
        Recipe("SGD", {"momentum": 0.9}, peak=0.1),
        (Export("mlp.onnx", "dynamo"), Export("mlp.legacy.onnx", "legacy", LEGACY)),
        gradients=True,
    ),
    "cnn": Subject(
        Cnn,
        "images",
        {"size": 8},
        Recipe("SGD", {"momentum": 0.9, "nesterov": True, "weight_decay": 1e-3}, peak=0.02),
        (Export("cnn.onnx", "dynamo", {"optimize": False}), Export("cnn.legacy.onnx", "legacy", LEGACY)),
        gradients=True,
    ),
    "mobilenet": Subject(
        MobileNet,
        "images",
        {"size": 8, "side": 16},
        Recipe("RMSprop", {"alpha": 0.9, "eps": 1e-3, "momentum": 0.9, "weight_decay": 1e-5}, peak=1e-4),
        (
            Export("mobilenet.onnx", "dynamo", {"optimize": False}, packed=True),
            Export("mobilenet.legacy.onnx", "legacy", {**LEGACY, "opset_version": 13, "training": "PRESERVE"}),
        ),
        pretraining=4,
    ),
    "vit": Subject(
        Vit,
        "images",
        {"size": 8},
        Recipe("AdamW", {"weight_decay": 0.05}, peak=2e-3, decay_matrices=True),
        (Export("vit.onnx", "dynamo"), Export("vit.plain.onnx", "dynamo", {"optimize": False}, packed=True)),
    ),
    "gpt": Subject(
        Gpt,
        "tokens",
        {"size": 8},
        Recipe("AdamW", {"betas": (0.9, 0.95), "weight_decay": 0.1}, peak=3e-3, clip=1.0, decay_matrices=True),
        (Export("gpt.onnx", "dynamo"), Export("gpt.legacy.onnx", "legacy", LEGACY)),
        gradients=True,
    ),
}


def safetensors(tensors: dict[str, torch.Tensor], path: pathlib.Path) -> None:
    """float32 tensors in the format of the same name: length of the header, header, data."""
    header, at = {}, 0
    for name, tensor in tensors.items():
        header[name] = {"dtype": "F32", "shape": list(tensor.shape), "data_offsets": [at, at + 4 * tensor.numel()]}
        at += 4 * tensor.numel()
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    data = b"".join(tensor.contiguous().numpy().tobytes() for tensor in tensors.values())
    path.write_bytes(struct.pack("<Q", len(text)) + text + data)


def write(name: str, subject: Subject) -> None:
    torch.manual_seed(1)
    net = subject.make()
    # A little training first: what is fine-tuned is neither random nor learnt, and no two tensors are equal (the
    # default exporter makes one of those that are).
    for part in range(subject.pretraining):
        train(net, Recipe("AdamW", peak=3e-3), subject.batches(STEPS, seed=10 + part))
    batches = subject.batches(STEPS, seed=2)
    args = {key: value for key, value in batches[0].items() if key != "labels"}
    if subject.gradients:
        safetensors(gradients(net, batches[0]), OUT / f"{name}.gradients.safetensors")
    recorded = record(net, subject.recipe, batches, lambda text: print(f"{name}: {text}"))
    files = [export(net, args, how, OUT) for how in subject.exports]
    for file in files:
        print(f"  {file['file']}: {file['exporter']}, operator set {file['opset']}, {file['nodes']} nodes, {file['bytes']} bytes")
    document: dict[str, Any] = {
        "program": "tools/reference/onnx_models.py",
        "command": "python tools/reference/onnx_models.py",
        "versions": versions("torch", "onnx", "onnxscript"),
        "batches": {"kind": subject.kind, "count": STEPS, "seed": 2, **subject.batch},
        "parameters": {key: list(w.shape) for key, w in net.named_parameters()},
        "files": files,
        **recorded,
    }
    lines = ",\n".join(f"{json.dumps(key)}:{json.dumps(value, separators=(',', ':'), allow_nan=False)}" for key, value in document.items())
    (OUT / f"{name}.json").write_text("{" + lines + "}\n", encoding="utf-8")


def main() -> None:
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    OUT.mkdir(parents=True, exist_ok=True)
    for name in sys.argv[1:] or SUBJECTS:
        write(name, SUBJECTS[name])


if __name__ == "__main__":
    main()
