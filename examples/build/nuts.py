"""Tables of ``examples/nuts``: the largest metros as markets, sites in growing and in consuming states."""

from __future__ import annotations

from places import OFFSHORE, States, existing, market_row, outage_rows, season_row, site_row
from sources import EXAMPLES, metro_id, metros, states, write_table

FOLDER = EXAMPLES / "nuts"
MARKETS = 60
EXISTING = "albany_ga"
BIG_CANDIDATES = ("fresno_ca", "harrisburg_pa")
GROWING = "dothan_al lubbock_tx oklahoma_city_ok virginia_beach_va charlotte_nc orlando_fl bakersfield_ca fresno_ca"
CONSUMING = (
    "atlanta_ga dallas_tx chicago_il harrisburg_pa columbus_oh boston_ma denver_co salt_lake_city_ut portland_or "
    "minneapolis_mn phoenix_az kansas_city_mo"
)


def build() -> None:
    """Write every generated table of the example."""
    by_state = states()
    areas = [metro for metro in metros() if metro["state"] not in OFFSHORE]
    sites = site_rows(areas, by_state)
    write_table(FOLDER / "markets.csv", [market_row(metro, by_state, 5) for metro in areas[:MARKETS]])
    write_table(FOLDER / "sites.csv", sites)
    write_table(FOLDER / "outage_classes.csv", outage_rows(by_state, sites))
    write_table(FOLDER / "seasons.csv", season_rows())


def site_rows(areas: list[dict[str, str]], by_state: States) -> list[dict[str, object]]:
    """The existing plant, then the candidates: growing states first."""
    by_id = {metro_id(metro): metro for metro in areas}
    plant = existing(
        site_row(by_id[EXISTING], by_state, []),
        id="plant_albany",
        name="Existing plant, Albany, GA",
        template="old_works",
        opened="2004-01-01",
        closure_cost=6000000,
    )
    rows = [plant]
    for key in [*GROWING.split(), *CONSUMING.split()]:
        kinds = ["big", "micro"] if key in BIG_CANDIDATES else ["micro"]
        rows.append(site_row(by_id[key], by_state, kinds))
    return rows


def season_rows() -> list[dict[str, object]]:
    """The year of snacks from the source table, and the three months of the holiday pack (assumed)."""
    return [
        season_row("US_IPG3113N", "year", "Output of sugar and confectionery, United States"),
        {"id": "holidays", "name": "October to December", "month_index": [0] * 9 + [3, 5, 4]},
    ]
