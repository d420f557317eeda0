import pytest

from manyworks.render.geography import suitable_projection


def test_places_in_the_united_states_get_albers_with_alaska_and_hawaii_apart():
    assert suitable_projection([-74.0, -149.9, -157.9], [40.7, 61.2, 21.3], width=900).name == "albersUsa"


def test_places_in_a_region_get_mercator_and_places_around_the_world_natural_earth():
    assert suitable_projection([2.3, 13.4], [48.9, 52.5], width=900).name == "mercator"
    assert suitable_projection([-74.0, 114.0], [40.7, 22.5], width=900).name == "naturalEarth1"


@pytest.mark.parametrize("places", [([2.3, 13.4], [48.9, 52.5]), ([-74.0, 114.0], [40.7, -33.0]), ([5.0], [50.0])])
def test_every_place_falls_inside_its_map(places):
    projection = suitable_projection(*places, width=900)
    x, y = projection.place(*places)
    assert (0 <= x).all()
    assert (x <= projection.width).all()
    assert (0 <= y).all()
    assert (y <= projection.height).all()


def test_albers_agrees_with_the_published_example():
    """Snyder 1987, page 291: parallels 29.5 and 45.5, origin 37.5 N; 35 N lies where the same cone puts it."""
    projection = suitable_projection([-96.6], [38.7], width=1000)
    x, y = projection.place([-96.6, -75.0], [38.7, 35.0])
    assert (x[0], y[0]) == pytest.approx((projection.x, projection.y))
    # 21.6 degrees east at 35 N: n = 0.6028370, C = 1.3491594, rho = 1.3411...; worked by hand.
    assert (x[1] - projection.x) / projection.scale == pytest.approx(0.30373, abs=2e-4)
