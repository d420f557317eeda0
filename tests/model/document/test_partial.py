"""Faults of different kinds are said at once, and nothing is said that an unreadable row could refute."""


def test_a_wrong_value_does_not_hide_a_wrong_reference(faults):
    found = faults.of(network=("material: fruit", "material: froot"), sites=("21.50", "-3"))
    assert found == [
        "unknown-reference network.yaml:23 bill[0].material",
        "value-range sites.csv:5 sites.river.wage_per_h",
    ]


def test_a_reference_to_a_row_that_cannot_be_read_is_let_pass(faults):
    assert faults.of(network=("name: Fruit, unit: kg, price_per_unit: 0.2", "unit: kg, price_per_unit: 0.2")) == [
        "field-missing network.yaml:21 materials.fruit.name"
    ]


def test_a_reference_into_a_table_with_an_unreadable_id_is_let_pass(faults):
    assert faults.of(network=("id: jar_line", "id: 7")) == ["id-pattern network.yaml:25 lines[0].id"]


def test_positions_count_the_rows_that_cannot_be_read(faults):
    rows = "{market: north, product: jam, period: 2027, units: 100000}"
    more = f"{rows.replace('100000', 'many')}\n  - {rows.replace('north', 'nord').replace('2027', '2028')}"
    assert faults.of(network=(rows, more)) == [
        "value-type network.yaml:35 demand[0].units",
        "unknown-reference network.yaml:36 demand[1].market",
    ]


def test_faulty_finance_does_not_hide_faults_of_rows(faults):
    found = faults.of(network=("start: 2027-01-01", "start: soon"), sites=("hill,", "river,"))
    assert [fault.split()[0] for fault in found] == ["value-type", "duplicate-id"]


def test_a_file_that_cannot_be_read_misses_nothing_else(faults):
    assert [fault.split()[0] for fault in faults.of(network=("name: jam ", "name: [jam "))] == ["yaml-syntax"]
