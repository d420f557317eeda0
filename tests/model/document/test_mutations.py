"""Whatever the bytes, the reader answers with issues that say file, rule and cure; it never breaks."""

import io
import random
import time
import zipfile

import pytest

from manyworks.errors import DocumentError
from manyworks.model.document import load_network, save_network

PIECES = [
    b"\x00", b"\xff", b"\xef\xbb\xbf", b"\r", b"\n", b"\t", b"'", b'"', b"{", b"}", b"[", b"]", b":", b": ",
    b"- ", b"&a ", b"*a", b"!!int ", b"|", b">", b"---\n", b"#", b",", b";", b"%", b"\\", b"1e999", b"-",
    b"999999999999999999999", b"null", b"\xf0\x9f\x98\x80", b"\xed\xa0\x80", b"<<: *a", b"? ", b"nan",
    b"0x", b"[" * 50, b"{a: " * 50,
]  # fmt: skip


def mutated(data, chance):
    data = bytearray(data)
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(data) + 1)
        action = chance.randrange(5)
        if action == 0:
            data[at:at] = chance.choice(PIECES)
        elif action == 1:
            del data[at : at + chance.randint(1, 30)]
        elif action == 2 and at < len(data):
            data[at] = chance.randrange(256)
        elif action == 3:
            start = chance.randrange(len(data) + 1)
            data[at:at] = data[start : start + chance.randint(1, 80)]
        else:
            data[at : at + 3] = chance.choice(PIECES)
    return bytes(data)


def problem(path):
    """What is wrong with the answer for the document at ``path``, if anything."""
    try:
        load_network(path)
    except DocumentError as error:
        str(error)
        if not error.issues:
            return "no issue"
        return next((f"{issue}" for issue in error.issues if not (issue.place and issue.rule and issue.cure)), None)
    return None


@pytest.mark.parametrize(
    ("name", "rounds"), [("network.yaml", 250), ("sites.csv", 100), ("n.json", 150), ("n.xlsx", 80)]
)
def test_no_mutant_breaks_the_reader(jam, tmp_path, name, rounds):
    network = load_network(jam)
    folder = jam
    if name.startswith("n."):
        folder = tmp_path
        save_network(network, tmp_path / name)
    original = (folder / name).read_bytes()
    chance = random.Random(name)
    start = time.process_time()
    for _ in range(rounds):
        data = mutated(original, chance)
        (folder / name).write_bytes(data)
        assert problem(folder / name if name.startswith("n.") else folder) is None, data
    assert time.process_time() - start < 120


def with_broken_part(original, chance):
    """The workbook with one of the files inside it mutated, so that the archive itself is sound."""
    source, out = zipfile.ZipFile(io.BytesIO(original)), io.BytesIO()
    names = [entry.filename for entry in source.infolist()]
    broken = chance.choice([name for name in names if name.endswith(".xml")])
    with zipfile.ZipFile(out, "w") as target:
        for name in names:
            data = source.read(name)
            target.writestr(name, mutated(data, chance) if name == broken else data)
    return out.getvalue()


def test_no_mutant_inside_a_workbook_breaks_the_reader(jam, tmp_path):
    path = tmp_path / "n.xlsx"
    save_network(load_network(jam), path)
    original = path.read_bytes()
    chance = random.Random("inside")
    for _ in range(80):
        path.write_bytes(with_broken_part(original, chance))
        assert problem(path) is None
