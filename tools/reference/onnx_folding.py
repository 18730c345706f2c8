"""Records what the options of PyTorch's exporters leave of a network's parameters: what README.md of @anneal/onnxruntime-web tells.

Writes packages/onnxruntime-web/test/torch/fixtures/folding.json.

Run: python tools/reference/onnx_folding.py, with requirements-onnx.txt.
"""

from __future__ import annotations

import collections
import json
import pathlib
import tempfile
import warnings
from typing import Any

import onnx
import torch
from torch import nn

from common import versions
from onnx_batches import images, tokens
from onnx_exports import dynamo, legacy
from onnx_models import OUT
from onnx_networks import Cnn, Gpt


class Tied(Gpt):
    """A GPT whose output is its embedding, as GPT-2's is."""

    def __init__(self) -> None:
        super().__init__()
        self.head.weight = self.wte.weight


IMAGES = {"x": images(1, 2, seed=1)[0]["x"]}
TOKENS = {key: value for key, value in tokens(1, 2, seed=1)[0].items() if key != "labels"}

# Networks as they are made, untrained: their normalisations are all ones and zeros.
NETWORKS = {"cnn": (Cnn, IMAGES), "gpt": (Gpt, TOKENS), "tied gpt": (Tied, TOKENS)}

CASES: list[tuple[str, str, dict[str, Any]]] = [
    ("cnn", "dynamo", {}),
    ("cnn", "dynamo", {"optimize": False}),
    ("cnn", "legacy", {"opset_version": 17}),
    ("cnn", "legacy", {"opset_version": 17, "training": "PRESERVE"}),
    ("cnn", "legacy", {"opset_version": 17, "training": "TRAINING", "do_constant_folding": False}),
    ("gpt", "dynamo", {}),
    ("gpt", "dynamo", {"optimize": False}),
    ("gpt", "legacy", {"opset_version": 17, "training": "TRAINING", "do_constant_folding": False}),
    ("tied gpt", "dynamo", {}),
    ("tied gpt", "dynamo", {"optimize": False}),
    ("tied gpt", "legacy", {"opset_version": 17, "training": "TRAINING", "do_constant_folding": False}),
]


def left(network: str, exporter: str, options: dict[str, Any], folder: pathlib.Path) -> dict[str, Any]:
    make, args = NETWORKS[network]
    torch.manual_seed(1)
    net: nn.Module = make().train()
    path = folder / "model.onnx"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        (dynamo if exporter == "dynamo" else legacy)(net, args, path, options)
    graph = onnx.load(path).graph
    operators = collections.Counter(node.op_type for node in graph.node)
    trained = sum(w.numel() for w in net.parameters())
    floats = [tensor for tensor in graph.initializer if tensor.data_type == onnx.TensorProto.FLOAT and len(tensor.dims) > 0]
    running = [name for name, buffer in net.named_buffers() if buffer.is_floating_point()]
    return {
        "network": network,
        "exporter": exporter,
        "options": options,
        "batchNormalization": operators["BatchNormalization"],
        "inTrainingMode": sum(
            any(a.name == "training_mode" and a.i == 1 for a in node.attribute) for node in graph.node if node.op_type == "BatchNormalization"
        ),
        "elementsInPyTorch": trained,
        "elementsInFile": sum(torch.Size(tensor.dims).numel() for tensor in floats if tensor.name not in running),
    }


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        cases = [left(*case, pathlib.Path(folder)) for case in CASES]
    head = {
        "program": "tools/reference/onnx_folding.py",
        "command": "python tools/reference/onnx_folding.py",
        "versions": versions("torch", "onnx", "onnxscript"),
    }
    lines = [f'"{key}":{json.dumps(value)}' for key, value in head.items()]
    body = ",\n".join(json.dumps(case) for case in cases)
    (OUT / "folding.json").write_text("{" + ",\n".join(lines) + ',\n"cases":[\n' + body + "\n]}\n", encoding="utf-8")
    for case in cases:
        print({key: value for key, value in case.items() if key != "options"}, case["options"])


if __name__ == "__main__":
    main()
