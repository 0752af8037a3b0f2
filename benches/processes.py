"""What a process and those that it has started take, read from /proc; Linux only."""

import os
from pathlib import Path


def descendants(pid):
    found = [pid]
    try:
        for task in os.listdir(f"/proc/{pid}/task"):
            for child in Path(f"/proc/{pid}/task/{task}/children").read_text().split():
                found += descendants(int(child))
    except OSError:
        pass
    return found


def resident_kib(pid):
    try:
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmRSS"):
                return int(line.split()[1])
    except OSError:
        pass
    return 0


def resident_mb(pid):
    """Resident memory of the process and of all that it has started, in sum."""
    return sum(resident_kib(one) for one in descendants(pid)) / 1024
