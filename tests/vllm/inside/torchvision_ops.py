"""Lets a torchvision that was built for CUDA be imported beside a torch that was not.

Importing it fails where torch does not know two of its operators. Their schemas are enough: no text model calls them.
"""

import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType

SCHEMAS = (
    "nms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor",
    "qnms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor",
)
KEPT: list[object] = []
"""A library whose object is gone forgets its operators."""


class Finder(MetaPathFinder):
    """Declares the operators just before torchvision is imported."""

    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:
        if name != "torchvision":
            return None
        sys.meta_path.remove(self)
        import torch

        if torch.version.cuda is None:
            library = torch.library.Library("torchvision", "FRAGMENT")
            for schema in SCHEMAS:
                library.define(schema)
            KEPT.append(library)
        return PathFinder.find_spec(name, path, target)


sys.meta_path.insert(0, Finder())
