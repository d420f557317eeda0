import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from manyworks import units
from manyworks.units import BASE_UNITS, EARTH_RADIUS_KM, haversine_km

latitudes = st.floats(-90, 90)
longitudes = st.floats(-180, 180)


def test_each_dimension_has_one_base_unit():
    dimensions = [unit.dimension for unit in BASE_UNITS]
    assert len(dimensions) == len(set(dimensions))


def test_no_two_dimensions_share_a_field_suffix():
    suffixes = [unit.suffix for unit in BASE_UNITS if unit.suffix]
    assert len(suffixes) == len(set(suffixes))


def test_short_ton_miles_match_the_published_factor():
    # Bureau of Transportation Statistics, conversion table: 1 short ton-mile = 1.459972 tonne-km.
    assert pytest.approx(1.459972, abs=1e-6) == units.TONNE_KM_PER_SHORT_TON_MILE


def test_a_year_is_four_quarters_of_whole_working_hours():
    assert units.HOURS_PER_QUARTER * units.QUARTERS_PER_YEAR == units.HOURS_PER_YEAR == 8760
    assert units.WEEKS_PER_QUARTER * units.QUARTERS_PER_YEAR == pytest.approx(units.WEEKS_PER_YEAR)


def test_a_quarter_of_the_equator_is_a_quarter_of_the_circumference():
    assert haversine_km(0, 0, 0, 90) == pytest.approx(np.pi * EARTH_RADIUS_KM / 2)


def test_antipodes_are_half_a_circumference_apart():
    assert haversine_km(37.0, -100.0, -37.0, 80.0) == pytest.approx(np.pi * EARTH_RADIUS_KM)


def test_columns_and_rows_of_places_give_a_table_of_distances():
    sites = np.array([[0.0], [10.0]])
    markets = np.array([0.0, 10.0, 20.0])
    table = haversine_km(sites, 0.0, markets, 0.0)
    assert table.shape == (2, 3)
    assert table[1, 1] == 0


@given(latitudes, longitudes, latitudes, longitudes)
def test_distance_is_the_same_both_ways_and_never_beyond_the_antipode(lat1, lon1, lat2, lon2):
    there = haversine_km(lat1, lon1, lat2, lon2)
    back = haversine_km(lat2, lon2, lat1, lon1)
    assert there == pytest.approx(back)
    assert 0 <= there <= np.pi * EARTH_RADIUS_KM * (1 + 1e-12)


@given(latitudes, longitudes)
def test_a_whole_turn_of_longitude_leads_back(lat, lon):
    assert haversine_km(lat, lon, lat, lon + 360) == pytest.approx(0, abs=1e-3)
