"""What processes cost: their computing by their own clocks, and their memory."""

import time
from dataclasses import dataclass
from pathlib import Path

_SCHEDULED = 2
KIB = 1024


@dataclass(frozen=True)
class Memory:
    """Bytes: ``held`` counts shared pages whole (RSS), ``share`` divides them (PSS)."""

    held: int
    share: int

    def __add__(self, other: "Memory") -> "Memory":
        return Memory(self.held + other.held, self.share + other.share)


def computing(pid: int) -> float:
    """Return the seconds for which a process has computed, all its threads together."""
    # How Linux names the clock of another process: clock_getcpuclockid(3).
    return time.clock_gettime((~pid << 3) | _SCHEDULED)


def family(pid: int) -> list[int]:
    """Return a process and all that descend from it."""
    found = [pid]
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text().split():
            found += family(int(child))
    return found


def memory(pid: int) -> Memory:
    """Return what one process holds."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]
    sizes = {
        name: int(rest.split()[0]) * KIB for name, _, rest in (x.partition(":") for x in lines)
    }
    return Memory(held=sizes["Rss"], share=sizes["Pss"])


def memory_of_all(pid: int) -> Memory:
    """Return what a process and all that descend from it hold."""
    total = Memory(0, 0)
    for one in family(pid):
        total += memory(one)
    return total
