"""How much memory a process and all its children hold."""

from __future__ import annotations

from pathlib import Path

_PROC = Path("/proc")


def resident_bytes(pid: int) -> int:
    """Proportional resident memory of a process tree in bytes; 0 where ``/proc`` does not tell."""
    return sum(_own_bytes(member) for member in process_tree(pid))


def process_tree(pid: int) -> list[int]:
    """That process and all its descendants, as far as ``/proc`` tells."""
    children: dict[int, list[int]] = {}
    if not _PROC.is_dir():
        return [pid]
    for entry in _PROC.iterdir():
        if not entry.name.isdigit():
            continue
        try:
            stat = (entry / "stat").read_text("utf-8", "replace")
        except OSError:
            continue  # It has ended since.
        parent = int(stat.rpartition(")")[2].split()[1])
        children.setdefault(parent, []).append(int(entry.name))
    tree = [pid]
    for member in tree:
        tree.extend(children.get(member, ()))
    return tree


def _own_bytes(pid: int) -> int:
    """Proportional set size: pages that processes share are counted once in all."""
    try:
        for line in (_PROC / str(pid) / "smaps_rollup").read_text("ascii", "replace").splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    except OSError:
        return 0
    return 0
