from __future__ import annotations

from pathlib import Path

import pytest

NETWORK = """\
# A jam maker, small enough to see through.
version: 1
name: jam            # the network's name
finance: {currency: USD, start: 2027-01-01, tax_rate: 0.25}  # real terms

policy:
  default_calendar: day
  # a note about warehouses
  review_days: 7     # weekly

products:
  # the one product
  - id: jam
    name: "Jar of jam"
    family: jam
    price: 2.50      # delivered
    mass_kg: 0.5
    volume_l: 0.5
    units_per_pallet: 1000
materials:
  - {id: fruit, name: Fruit, unit: kg, price_per_unit: 0.2}
bill:
  - {product: jam, material: fruit, quantity_per_unit: 0.4}
lines:
  - {id: jar_line, name: Jar line, nominal_rate_per_min: 10, oee: 0.8, crew_per_shift: 2, capex: 30000}
calendars:
  - {id: day, shifts_per_day: 1}
templates:
  - {id: micro, name: Micro, scale: micro, lines: [jar_line], maximum_lines: 1, capex: 20000, stand_up_quarters: 1}
sites:
  from: sites.csv
markets:
  - {id: north, name: North, lat: 41, lon: -98}
demand:
  - {market: north, product: jam, period: 2027, units: 100000}
freight_modes:
  - {id: truck, name: Truck, payload_kg: 20000, cube_m3: 80, pallets: 26, cost_per_km: 1.5, km_per_day: 800}
"""
SITES = (
    "id,name,lat,lon,wage_per_h,region\n"
    "# places that were visited\n"
    'hill,"Hill, upper\nside",36,-98,20,\n'
    "river,NO,40.0,-98.0,21.50,007\n"
)  # fmt: skip


@pytest.fixture
def jam(tmp_path: Path) -> Path:
    """A sound document: YAML with comments, and sites in a CSV file."""
    folder = tmp_path / "jam"
    folder.mkdir()
    (folder / "network.yaml").write_text(NETWORK, encoding="utf-8")
    (folder / "sites.csv").write_text(SITES, encoding="utf-8", newline="")
    return folder


class Faults:
    """What the reader finds in small texts."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def of(self, **changes: str) -> list[str]:
        """Rule and place of every error after the given texts were replaced in the file ``network`` or ``sites``."""
        return [f"{issue.rule} {issue.place} {issue.path}" for issue in self.issues(**changes)]

    def issues(self, *, network: tuple[str, str] | None = None, sites: tuple[str, str] | None = None) -> list:
        from manyworks.model.document import read_document

        for name, change in (("network.yaml", network), ("sites.csv", sites)):
            if change:
                path = self.folder / name
                text = path.read_bytes().decode()
                assert change[0] in text
                path.write_bytes(text.replace(change[0], change[1], 1).encode())
        return [issue for issue in read_document(self.folder).validate()[1] if issue.severity == "error"]


@pytest.fixture
def faults(jam: Path) -> Faults:
    return Faults(jam)
