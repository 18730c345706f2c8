"""Exports a network with both of PyTorch's exporters, and says what became of its parameters."""

from __future__ import annotations

import collections
import gzip
import logging
import pathlib
import warnings
from dataclasses import dataclass, field
from typing import Any

import onnx
import onnx.numpy_helper
import torch
from torch import nn

# The dynamo exporter notes that torchvision, which no network here uses, is not installed.
logging.getLogger("torch.onnx").setLevel(logging.ERROR)


@dataclass(frozen=True)
class Export:
    """One file: the exporter and the options that a user passes to it."""

    file: str
    exporter: str
    options: dict[str, Any] = field(default_factory=dict)
    mode: str = "train"
    # Half a megabyte of names and notes, for a large network: the file is kept packed.
    packed: bool = False


def export(net: nn.Module, args: dict[str, torch.Tensor], how: Export, folder: pathlib.Path) -> dict[str, Any]:
    """Writes the file, with the first axis of every input dynamic, and describes it."""
    net.train(how.mode == "train")
    path = folder / how.file
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if how.exporter == "dynamo":
            dynamo(net, args, path, how.options)
        else:
            legacy(net, args, path, how.options)
    described = describe(net, path, how)
    if how.packed:
        path.with_name(path.name + ".gz").write_bytes(gzip.compress(path.read_bytes(), mtime=0))
        path.unlink()
    return described


def dynamo(net: nn.Module, args: dict[str, torch.Tensor], path: pathlib.Path, options: dict[str, Any]) -> None:
    """PyTorch's default exporter. The program is captured first, as `torch.onnx.export` would, so that the lines of source and the
    folders that it notes on every node can be left out: they differ from machine to machine."""
    shapes = {name: {0: torch.export.Dim.DYNAMIC} for name in args}
    program = torch.export.export(net, (), kwargs=args, dynamic_shapes=shapes, strict=False)
    for module in program.graph_module.modules():
        if isinstance(module, torch.fx.GraphModule):
            for node in module.graph.nodes:
                node.meta.pop("stack_trace", None)
    torch.onnx.export(program, (), str(path), kwargs=args, verbose=False, **options)


def legacy(net: nn.Module, args: dict[str, torch.Tensor], path: pathlib.Path, options: dict[str, Any]) -> None:
    given = {**options}
    if "training" in given:
        given["training"] = getattr(torch.onnx.TrainingMode, given["training"])
    axes = {name: {0: "batch"} for name in args}
    torch.onnx.export(
        net, tuple(args.values()), str(path), dynamo=False, input_names=list(args), output_names=["logits"], dynamic_axes=axes, **given
    )


def describe(net: nn.Module, path: pathlib.Path, how: Export) -> dict[str, Any]:
    """What a file holds, and under which name each of the network's parameters stands in it.

    The exporters may transpose a weight when they fold constants, and give it a name of their own: then the name is followed by ".T".
    """
    model = onnx.load(path)
    operators = collections.Counter(node.op_type for node in model.graph.node)
    found = {tensor.name: torch.from_numpy(onnx.numpy_helper.to_array(tensor).copy()) for tensor in model.graph.initializer}
    names = {}
    for name, value in [*net.named_parameters(), *net.named_buffers()]:
        if value.dtype != torch.float32:
            continue
        same = [key for key, tensor in found.items() if tensor.shape == value.shape and torch.equal(tensor, value.detach())]
        turned = [] if value.dim() != 2 else [key for key, tensor in found.items() if torch.equal(tensor, value.detach().T)]
        at = [*same, *(f"{key}.T" for key in turned if key not in same)]
        assert len(at) == 1, f"{path.name}: {name} is in the file as {at}"
        names[name] = at[0]
    assert len(set(names.values())) == len(names), f"{path.name}: two parameters became one"
    data = path.with_name(path.name + ".data")
    return {
        "file": how.file,
        "exporter": how.exporter,
        "options": how.options,
        "mode": how.mode,
        "opset": next(entry.version for entry in model.opset_import if entry.domain == ""),
        "nodes": len(model.graph.node),
        "operators": dict(sorted(operators.items())),
        "bytes": path.stat().st_size + (data.stat().st_size if data.exists() else 0),
        "externalData": data.exists(),
        "output": model.graph.output[0].name,
        # Only the names that differ from PyTorch's.
        "names": {name: at for name, at in names.items() if name != at},
    }
