"""Everything that manyworks raises on purpose, drawn as a tree.

    ManyworksError              exit 1   base: where, what, found, cure
    ├── UsageError              exit 2   the request itself cannot be met: argument, option, path
    ├── DocumentError           exit 1   the document is wrong; carries every issue at once
    │   └── VersionError        exit 1   written by a version that this one cannot read
    ├── InfeasibleError         exit 3   no plan exists; carries the rules that conflict
    ├── SolverError             exit 1   the solver gave no usable answer; carries its status
    ├── CheckError              exit 1   a result failed its own recomputation; carries the failures
    └── MissingLibraryError     exit 1   an optional library is not installed; names the extra

    ManyworksWarning                     odd but legal input; carries its issue

A message reads *where: what, found value. cure*. The parts stay apart as attributes, so that a page, a
workbook or a program can place them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, ClassVar, Literal

EXIT_OK = 0
EXIT_FAILED = 1
EXIT_USAGE = 2
EXIT_INFEASIBLE = 3


@dataclass(frozen=True, kw_only=True)
class Issue:
    """One fault, or one oddity, of a document or a result.

    ``rule`` names the page that explains it. ``path`` says where in the document (``sites.lyon.wage_per_h``),
    ``place`` where on disk (``sites.csv:14`` or ``plant.xlsx!sites!F14``) once the reader has filled it in.
    ``message`` is the rule in words, ``found`` the offending value as written, ``cure`` says what to do.
    """

    rule: str
    severity: Literal["error", "warning"]
    path: str
    message: str
    found: str = ""
    cure: str = ""
    place: str = ""

    def __str__(self) -> str:
        where = ": ".join(part for part in (self.place, self.path) if part)
        return f"{compose(where, self.message, self.found or None, self.cure)} [{self.rule}]"

    def to_dict(self) -> dict[str, str]:
        """The issue as plain data, the same in every ``--json`` answer."""
        return asdict(self)


def compose(where: str, what: str, found: object = None, cure: str = "") -> str:
    """The one form of a message: `where: what, found value. cure`; absent parts are left out."""
    message = f"{where}: {what}" if where else what
    if found is not None:
        message += f", found {found}"
    message = message if message.endswith((".", "?", "!")) else f"{message}."
    return f"{message} {cure}" if cure else message


class ManyworksError(Exception):
    """Base of all errors; says where it is, what the rule is, what was found and how to cure it."""

    exit_code: ClassVar[int] = EXIT_FAILED

    def __init__(self, what: str, *, where: str = "", found: object = None, cure: str = "") -> None:
        super().__init__(what)
        self.where = where
        self.what = what
        self.found = found
        self.cure = cure

    def __str__(self) -> str:
        return compose(self.where, self.what, self.found, self.cure)

    def __reduce__(self) -> tuple[Any, ...]:
        # Plans are solved in processes of their own, and errors come home from there with all that they carry.
        return _restored, (type(self), self.args, self.__dict__)

    def to_dict(self) -> dict[str, Any]:
        """The error as plain data, the same in every `--json` answer."""
        return {
            "error": type(self).__name__,
            "where": self.where,
            "what": self.what,
            "found": None if self.found is None else str(self.found),
            "cure": self.cure,
        }


def _restored(kind: type[ManyworksError], args: tuple[Any, ...], state: dict[str, Any]) -> ManyworksError:
    error = kind.__new__(kind)
    error.args = args
    error.__dict__.update(state)
    return error


class UsageError(ManyworksError, ValueError):
    """The request itself cannot be met: an argument, an option or a path."""

    exit_code = EXIT_USAGE


class DocumentError(ManyworksError):
    """The document is wrong; `issues` holds every fault that was found, in document order."""

    def __init__(self, issues: Sequence[Issue], *, where: str = "") -> None:
        self.issues = tuple(issues)
        faults = sum(issue.severity == "error" for issue in self.issues)
        super().__init__(
            f"{faults} fault{'' if faults == 1 else 's'} in the document",
            where=where,
            cure="Each is listed with its place and its cure.",
        )

    def __str__(self) -> str:
        return "\n".join([super().__str__(), *(f"  {_warned(issue)}{issue}" for issue in self.issues)])

    def to_dict(self) -> dict[str, Any]:
        """The error with its issues as plain data."""
        return super().to_dict() | {"issues": [issue.to_dict() for issue in self.issues]}


def _warned(issue: Issue) -> str:
    return "warning: " if issue.severity == "warning" else ""


class VersionError(DocumentError):
    """The document was written for a version that this one cannot read or upgrade."""


class InfeasibleError(ManyworksError):
    """No plan meets every rule; `conflicts` is an irreducible set of document rules, in words.

    Irreducible means that dropping any one of them makes the rest satisfiable.
    """

    exit_code = EXIT_INFEASIBLE

    def __init__(self, what: str, *, conflicts: Sequence[str] = (), where: str = "", cure: str = "") -> None:
        super().__init__(what, where=where, cure=cure)
        self.conflicts = tuple(conflicts)

    def __str__(self) -> str:
        return "\n".join([super().__str__(), *(f"  - {rule}" for rule in self.conflicts)])

    def to_dict(self) -> dict[str, Any]:
        """The error with its conflicting rules as plain data."""
        return super().to_dict() | {"conflicts": list(self.conflicts)}


class SolverError(ManyworksError):
    """The solver stopped without a usable answer; `status` is its own word for it."""

    def __init__(self, what: str, *, status: str, where: str = "", cure: str = "") -> None:
        super().__init__(what, where=where, found=status, cure=cure)
        self.status = status


class CheckError(ManyworksError):
    """A result failed its own recomputation; `failures` names every balance, capacity or sum that is off."""

    def __init__(self, what: str, *, failures: Sequence[str] = (), where: str = "") -> None:
        super().__init__(what, where=where, cure="This is a fault of manyworks: please report it.")
        self.failures = tuple(failures)

    def __str__(self) -> str:
        return "\n".join([super().__str__(), *(f"  - {failure}" for failure in self.failures)])

    def to_dict(self) -> dict[str, Any]:
        """The error with its failures as plain data."""
        return super().to_dict() | {"failures": list(self.failures)}


class MissingLibraryError(ManyworksError, ImportError):
    """An optional library is not installed; `extra` is the extra of manyworks that brings it."""

    def __init__(self, library: str, *, extra: str) -> None:
        super().__init__(
            f"this needs the library {library}, which is not installed",
            cure=f"Install it with: pip install 'manyworks[{extra}]'",
        )
        self.library = library
        self.extra = extra


class ManyworksWarning(UserWarning):
    """Odd but legal input; `issue` carries its place and its cure."""

    def __init__(self, issue: Issue) -> None:
        super().__init__(str(issue))
        self.issue = issue
