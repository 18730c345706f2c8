"""Imports composer.optim.scheduler without what its package loads beside it and the schedulers do not use.

Composer pins PyTorch below 2.7.1 and loads torchvision and MosaicML's cloud client on import; empty modules stand in
their place. The code of composer.optim.scheduler and composer.core.time that runs is Composer's own, unchanged.
"""

from __future__ import annotations

import importlib.machinery
import sys
import types
from typing import Any

EMPTY = {"torchvision", "mcli", "gql"}


class EmptyModules:
    """Finds every module under the names above, and gives it whatever attribute is asked for."""

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> importlib.machinery.ModuleSpec | None:
        if name.split(".")[0] not in EMPTY:
            return None
        return importlib.machinery.ModuleSpec(name, self, is_package=True)

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> types.ModuleType:
        module = types.ModuleType(spec.name)
        module.__path__ = []

        def attribute(name: str) -> Any:
            if name.startswith("__"):
                raise AttributeError(name)
            return type(name, (), {})

        module.__getattr__ = attribute
        return module

    def exec_module(self, module: types.ModuleType) -> None:
        pass


sys.meta_path.insert(0, EmptyModules())

from composer.core.time import Time, Timestamp  # noqa: E402
from composer.optim import scheduler as schedulers  # noqa: E402

__all__ = ["Time", "Timestamp", "schedulers"]
