"""Counting of checks: each says what held; the first that does not ends the run."""

import time


class Failed(Exception):
    """A check that does not hold."""


class Tally:
    """What held so far."""

    def __init__(self):
        self.passed = 0
        self.failed = 0
        self._started = time.monotonic()

    def part(self, name):
        print(f"\n-- {name} ({time.monotonic() - self._started:.1f} s)", flush=True)

    def check(self, what, holds, detail=""):
        """`holds` must be true; `detail` says what was there instead."""
        if holds:
            self.passed += 1
            print(f"   ok    {what}", flush=True)
            return
        self.failed += 1
        print(f"   FAIL  {what}\n         {detail}", flush=True)
        raise Failed(what)

    def none(self, what, problems):
        """There must be no problem in the list."""
        self.check(what, not problems, "\n         ".join(str(problem) for problem in problems))
