from manyworks.render.labels import place_labels


def place(x, y, names, **options):
    size = {"size": 12, "width": 400, "height": 200} | options
    return place_labels(x, y, [4.0] * len(x), names, **size)


def test_a_name_stands_to_the_right_of_its_mark():
    (label,) = place([50], [50], ["Lyon"])
    assert (label.align, label.dx > 0, label.dy) == ("left", True, 0)


def test_a_name_at_the_right_edge_moves_to_the_left():
    (label,) = place([390], [50], ["Boston"])
    assert label.align == "right"


def test_a_name_without_room_is_left_out_and_the_important_one_stays():
    crowd = [100.0, 101.0, 102.0, 103.0, 104.0, 105.0]
    labels = place(crowd, crowd, [f"A long name {k}" for k in range(6)])
    assert labels[0].index == 0
    assert len(labels) < 6


def test_no_more_names_than_asked_for():
    assert len(place([50, 200, 300], [50, 100, 150], ["a", "b", "c"], most=2)) == 2
