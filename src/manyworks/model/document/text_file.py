"""Bytes to text: UTF-8 with or without a byte order mark, and nothing else."""

from __future__ import annotations

from pathlib import Path

from manyworks.errors import Issue
from manyworks.model.document import rules

MAX_BYTES = 512 * 1024 * 1024


def read_bytes(path: Path, file: str, issues: list[Issue]) -> bytes | None:
    """Content of a file, or None with an issue."""
    try:
        if path.stat().st_size > MAX_BYTES:
            issues.append(rules.FILE_SIZE.issue("", f"must be at most {MAX_BYTES // 2**20} MiB", place=file))
            return None
        return path.read_bytes()
    except FileNotFoundError:
        issues.append(rules.FILE_MISSING.issue("", "must exist", found="no such file", place=file))
    except (OSError, ValueError) as fault:
        reason = getattr(fault, "strerror", None) or str(fault)
        issues.append(rules.FILE_MISSING.issue("", "must be readable", found=reason, place=file))
    return None


def read_text(path: Path, file: str, issues: list[Issue]) -> str | None:
    """Text of a UTF-8 file, or None with an issue."""
    data = read_bytes(path, file, issues)
    return None if data is None else decode(data, file, issues)


def decode(data: bytes, file: str, issues: list[Issue]) -> str | None:
    """Text of UTF-8 bytes without its byte order mark, or None with an issue that names the line."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        issues.append(rules.FILE_ENCODING.issue("", "must be UTF-8", found="UTF-16", place=file))
        return None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        line = data.count(b"\n", 0, fault.start) + 1
        found = f"the byte 0x{data[fault.start]:02x}"
        issues.append(rules.FILE_ENCODING.issue("", "must be UTF-8", found=found, place=f"{file}:{line}"))
        return None
    if "\x00" in text:
        line = text.count("\n", 0, text.index("\x00")) + 1
        issues.append(rules.FILE_ENCODING.issue("", "must be text", found="a zero byte", place=f"{file}:{line}"))
        return None
    return text
