"""Records with a position, as the arrays that distances, lanes and duties are computed from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray


class Located(Protocol):
    """What a site, warehouse, co-packer, supplier and market have in common."""

    @property
    def id(self) -> str:
        """Id of the place."""

    @property
    def lat(self) -> float:
        """Degrees north."""

    @property
    def lon(self) -> float:
        """Degrees east."""

    @property
    def country(self) -> str:
        """ISO 3166 code."""

    @property
    def tariff_zone(self) -> str:
        """Zone that duties refer to; empty: the country."""


@dataclass(frozen=True, kw_only=True)
class Places:
    """Places in the order given. ``lat_deg`` and ``lon_deg`` have shape (places,); ``zones`` are duty zones."""

    ids: tuple[str, ...]
    lat_deg: NDArray[np.float64]
    lon_deg: NDArray[np.float64]
    countries: tuple[str, ...]
    zones: tuple[str, ...]
    pick_up_km: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.ids)


def places(rows: Sequence[Located]) -> Places:
    """Positions and zones of ``rows``; a place without a tariff zone is in the zone of its country."""
    return Places(
        ids=tuple(row.id for row in rows),
        lat_deg=np.array([row.lat for row in rows], dtype=np.float64),
        lon_deg=np.array([row.lon for row in rows], dtype=np.float64),
        countries=tuple(row.country for row in rows),
        zones=tuple(row.tariff_zone or row.country for row in rows),
        pick_up_km=np.array([getattr(row, "pick_up_km", 0.0) for row in rows], dtype=np.float64),
    )


def positions(rows: Iterable[Any]) -> dict[str, int]:
    """Id to position, from 0, in document order."""
    return {row.id: position for position, row in enumerate(rows)}
