"""One fault or oddity of a document: where, what, found, cure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, kw_only=True)
class Issue:
    """A finding about a document.

    ``path`` says where in the document (``sites.lyon.wage_per_h``), ``place`` where on disk (``sites.csv:14`` or
    ``plant.xlsx!sites!F14``) once the reader has filled it in. ``rule`` names the page that explains it.
    """

    rule: str
    severity: Literal["error", "warning"]
    path: str
    message: str
    found: str = ""
    cure: str = ""
    place: str = ""

    def __str__(self) -> str:
        where = f"{self.place}: " if self.place else ""
        found = f", found {self.found}" if self.found else ""
        cure = f". {self.cure}" if self.cure else ""
        return f"{where}{self.path}: {self.message}{found}{cure} [{self.rule}]"
