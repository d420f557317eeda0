"""Save a network in the format that the path asks for."""

from __future__ import annotations

import json
from pathlib import Path

from manyworks.errors import UsageError
from manyworks.model.document.reader import MAIN_FILE, read_raw
from manyworks.model.document.store import write_atomically, write_together
from manyworks.model.document.writer import folder_files, plain_data, refuse_unportable
from manyworks.model.network import Network


def save_network(network: Network, path: Path | str, *, with_schema: bool = True) -> None:
    """Write ``network`` to a folder, or to a ``.json`` or ``.xlsx`` file, by the suffix of ``path``.

    A folder gets ``network.yaml``, a CSV file for every collection of more than 8 rows, and, ``with_schema``, the JSON
    Schema by which editors complete and check the YAML. CSV files that a former ``network.yaml`` of the folder used,
    and this one does not, are removed. Either everything is written or nothing.

    Raises
    ------
    DocumentError
        A text holds control characters that not every format can keep, or a time has no zone.
    UsageError
        The path has another suffix, or is a file where a folder is needed.
    """
    path = Path(path)
    refuse_unportable(network)
    suffix = path.suffix.lower()
    if suffix == ".json":
        text = json.dumps(plain_data(network), indent=1, ensure_ascii=False) + "\n"
        write_atomically(path, text.encode())
    elif suffix == ".xlsx":
        from manyworks.model.document.workbook_writer import workbook_bytes

        write_atomically(path, workbook_bytes(network))
    elif suffix in (".yaml", ".yml", ".csv", ".xls", ".xlsm") or path.is_file():
        cure = "Name a folder, or a file that ends in .json or .xlsx."
        raise UsageError("cannot be written", where="path", found=path.name, cure=cure)
    else:
        files = folder_files(network, with_schema=with_schema)
        obsolete = tuple(sorted(_formerly_used(path) - files.keys()))
        write_together(path, {name: text.encode() for name, text in files.items()}, obsolete=obsolete)


def _formerly_used(folder: Path) -> set[str]:
    """CSV files directly in ``folder`` that its present ``network.yaml`` takes its tables from."""
    if not (folder / MAIN_FILE).is_file():
        return set()
    return {name for name in read_raw(folder).files.values() if "/" not in name}
