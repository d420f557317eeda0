"""Write what was fitted into a document: laws into its equipment, and where they come from into its evidence."""

from __future__ import annotations

from typing import Any

from manyworks.errors import UsageError
from manyworks.model.equipment import Equipment
from manyworks.model.evidence import Evidence
from manyworks.model.network import Network
from manyworks.twin.calibration.calibration import LineCalibration, MachineFit
from manyworks.twin.calibration.fit import WHAT

LONGEST_ID = 41


def apply_fits(calibration: LineCalibration, network: Network) -> Network:
    """A copy of ``network`` in which each calibrated machine has its laws.

    A catalogue item that other stations use, too, stays as it is: the machine gets an item of its own, named after item
    and station.

    Raises
    ------
    UsageError
        The line of the document has changed since: a calibrated station is gone or has other equipment.
    """
    equipment = {row.id: row for row in network.equipment}
    stations = list(network.stations)
    evidence = {row.target: row for row in network.evidence}
    for machine in calibration.machines:
        words = _words(machine)
        if not words:
            continue
        at = _position(network, calibration.line, machine)
        is_shared = sum(row.equipment == machine.equipment for row in network.stations) > 1
        item: Equipment = equipment[machine.equipment]
        name = _free_id(f"{item.id}_{calibration.line}_{machine.station}", equipment) if is_shared else item.id
        if is_shared:
            stations[at] = stations[at].model_copy(update={"equipment": name})
        equipment[name] = item.model_copy(update=words | {"id": name})
        for row in _evidence(calibration, machine, name, words):
            evidence[row.target] = row
    changed = {"equipment": list(equipment.values()), "stations": stations, "evidence": list(evidence.values())}
    return Network.model_validate(network.model_copy(update=changed).model_dump())


def _words(machine: MachineFit) -> dict[str, Any]:
    """Fields of the equipment that calibration knows; mean times follow their laws."""
    words: dict[str, Any] = {fit.field: str(fit.law) for fit in machine.fits if fit.law is not None}
    for half, other in (("time_to_minor_stop", "minor_stop_time"), ("minor_stop_time", "time_to_minor_stop")):
        if half in words and other not in words:
            del words[half]  # the document wants both or neither
    for field, mean in (("time_to_failure", "mtbf_min"), ("time_to_repair", "mttr_min")):
        law = machine.law(field)
        if law is not None:
            words[mean] = float(f"{law.mean:.6g}")
    return words


def _position(network: Network, line: str, machine: MachineFit) -> int:
    for position, row in enumerate(network.stations):
        if row.line == line and row.id == machine.station:
            if row.equipment == machine.equipment:
                return position
            found, cure = f"equipment {row.equipment}", f"It was calibrated as {machine.equipment}: calibrate anew."
            raise UsageError("has other equipment", where=f"stations.{line}.{row.id}", found=found, cure=cure)
    where = f"stations.{line}.{machine.station}"
    raise UsageError("is not in the document", where=where, cure="Use the document that was calibrated.")


def _free_id(wanted: str, taken: dict[str, Equipment]) -> str:
    """An id that is not taken, as near to ``wanted`` as its greatest length allows."""
    name, number = wanted[:LONGEST_ID], 1
    while name in taken:
        number += 1
        name = f"{wanted[: LONGEST_ID - 1 - len(str(number))]}_{number}"
    return name


def _evidence(calibration: LineCalibration, machine: MachineFit, item: str, words: dict[str, Any]) -> list[Evidence]:
    rows = []
    for fit in machine.fits:
        if fit.field in words:
            count = f", {fit.count} times of {machine.station}" if fit.sample is not None else ""
            source = f"fitted to {calibration.source}{count} (manyworks {calibration.version})"
            note = f"{WHAT[fit.field]}: {fit.reason}"
            rows.append(Evidence(target=f"equipment.{item}.{fit.field}", basis="derived", source=source, note=note))
    return rows
