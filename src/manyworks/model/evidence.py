"""Where the numbers of a document come from."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from manyworks.model.record import Record


class Evidence(Record):
    """The source of one field or of many: what is not sourced or derived is an assumption, and is reported as such."""

    target: str = Field(description="collection.id.field or collection.*.field or finance.field; * matches any id.")
    basis: Literal["sourced", "derived", "assumption"] = Field(
        description="Published, arithmetic on published figures, or assumed."
    )
    source: str = Field("", description="Publication, year; for derived numbers the arithmetic.")
    note: str = Field("", description="Anything a reader should know.")
    low: float | None = Field(None, description="Low end of the plausible range of a number.")
    high: float | None = Field(None, description="High end of the plausible range of a number.")
    owner: str = Field("", description="Role that answers for it.")
