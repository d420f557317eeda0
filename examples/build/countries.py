"""Countries at their capitals: where the plant or the customers of ``manyworks screen`` may be beside US metros."""

from __future__ import annotations

from sources import EXAMPLES, read_table, word, write_table

TABLE = EXAMPLES.parent / "src" / "manyworks" / "studies" / "screen" / "countries.csv"
HOME = "US"  # has metropolitan areas instead


def build() -> None:
    """Write every country of the source table but the United States: people, and the capital's position."""
    TABLE.parent.mkdir(parents=True, exist_ok=True)
    write_table(TABLE, [country_row(row) for row in read_table("countries") if row["iso2"] != HOME])


def country_row(row: dict[str, str]) -> dict[str, object]:
    """One country."""
    return {
        "id": word(row["country"].removeprefix("The ")),
        "name": row["country"],
        "lat": row["capital_lat"],
        "lon": row["capital_lon"],
        "country": row["iso2"],
        "continent": row["continent"],
        "population": row["population"],
    }
