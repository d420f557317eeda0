"""Tables of ``examples/soda_us``: metros as markets, candidate sites, outages by state, the season.

What is looked up in a source table happens here; what is assumed is a named constant here or a number in
``network.yaml``, and each has its row in ``evidence.csv``.
"""

from __future__ import annotations

from places import OFFSHORE, States, existing, market_row, outage_rows, season_row, site_row
from sources import EXAMPLES, metro_id, metros, states, write_table

FOLDER = EXAMPLES / "soda_us"
CANDIDATE_METROS = 48  # the most populous ones; then one in every state that has none
EXISTING = "fort_smith_ar"
BIG_CANDIDATES = ("harrisburg_pa", "macon_ga", "phoenix_az")
SEASON_SERIES = "US_S4248SM144NCEN"


def build() -> None:
    """Write every generated table of the example."""
    areas, by_state = metros(), states()
    sites = site_rows(areas, by_state)
    write_table(FOLDER / "markets.csv", [market(metro, by_state) for metro in areas])
    write_table(FOLDER / "sites.csv", sites)
    write_table(FOLDER / "outage_classes.csv", outage_rows(by_state, sites))
    write_table(FOLDER / "seasons.csv", [season_row(SEASON_SERIES, "year", "Wholesale of drinks, United States")])


def market(metro: dict[str, str], by_state: States) -> dict[str, object]:
    """One metro as a market; Alaska and Hawaii are reached by barge."""
    is_offshore = metro["state"] in OFFSHORE
    row = market_row(metro, by_state, service_days=21 if is_offshore else 5)
    return row | {"tariff_zone": "offshore" if is_offshore else ""}


def site_rows(areas: list[dict[str, str]], by_state: States) -> list[dict[str, object]]:
    """The existing plant, then the candidates in order of population."""
    by_id = {metro_id(metro): metro for metro in areas}
    plant = existing(
        site_row(by_id[EXISTING], by_state, []),
        id="plant_fort_smith",
        name="Existing plant, Fort Smith, AR",
        template="big",
        opened="2006-01-01",
        closure_cost=6000000,
    )
    rows = [plant]
    for metro in candidates(areas):
        kinds = ["big", "micro"] if metro_id(metro) in BIG_CANDIDATES else ["micro"]
        rows.append(site_row(metro, by_state, kinds))
    return rows


def candidates(areas: list[dict[str, str]]) -> list[dict[str, str]]:
    """Largest metros, the largest of every state without one, and the three places for a big plant."""
    chosen = [metro for metro in areas[:CANDIDATE_METROS] if metro["state"] not in OFFSHORE]
    for metro in areas:
        is_new_state = metro["state"] not in OFFSHORE | {other["state"] for other in chosen}
        if is_new_state or (metro_id(metro) in BIG_CANDIDATES and metro not in chosen):
            chosen.append(metro)
    return sorted(chosen, key=lambda metro: int(metro["rank"]))
