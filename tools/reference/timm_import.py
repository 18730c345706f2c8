"""Imports timm.scheduler without timm's models.

`import timm` loads every model and with them torchvision, for which PyTorch's CPU build has no counterpart. An empty
module named `timm` with timm's own folder as its path stands in for `timm/__init__.py`; what is imported through it,
`timm.scheduler` and all that it contains, is timm's own code, unchanged.
"""

from __future__ import annotations

import importlib.util
import sys
import types

_found = importlib.util.find_spec("timm")
assert _found is not None and _found.submodule_search_locations is not None, "timm is not installed"
_package = types.ModuleType("timm")
_package.__path__ = list(_found.submodule_search_locations)  # type: ignore[attr-defined]
sys.modules["timm"] = _package

import timm.scheduler as scheduler  # noqa: E402

__all__ = ["scheduler"]
