"""What has happened, as a table at the end."""

import sys
from dataclasses import dataclass, field

from .terminal import bold, dim, green


@dataclass(frozen=True)
class Line:
    """One thing that was seen to happen."""

    what: str
    seen: str
    seconds: float


@dataclass
class Summary:
    """Only what has been seen stands in it: what is missing has not happened."""

    lines: list[Line] = field(default_factory=list)

    def add(self, what: str, seen: str, seconds: float) -> None:
        self.lines.append(Line(what, seen, seconds))

    def show(self, out=None) -> None:
        """A line a thing."""
        out = out or sys.stdout
        width = max([24, *(len(line.what) for line in self.lines)])
        print(file=out)
        print(bold("What has happened"), file=out)
        print(dim(f"  {'':<{width}} {'seconds':>8}   seen"), file=out)
        for line in self.lines:
            print(f"{green('✓')} {line.what:<{width}} {line.seconds:>8.1f}   {line.seen}", file=out)
        total = sum(line.seconds for line in self.lines)
        print(f"  {'all of it':<{width}} {total:>8.1f}", file=out, flush=True)
