#!/usr/bin/env python3
"""Due times worked out without Pullquote: zones by zoneinfo, cron lines by croniter.

    pip install croniter tzdata==2026.5
    python3 generate.py > expected.txt

`expected.txt` is what tests/promises/schedules.rs holds the schedules against. Its first line names the edition of
the time zone data, which must be the one that the program is built with; when that moves on, the file is written
anew with the same edition of `tzdata`. Three kinds of lines follow, each ending in a fingerprint of due times:

    zone  NAME  CHANGES  FINGERPRINT    around every change of the zone's offset from 2020 to 2040
    cron  LINE  FINGERPRINT             the first due times from 2026 to 2050, in UTC
    weeks TEXT  FINGERPRINT             alternating weeks, counted by plain arithmetic

With the name of a zone as argument, its due times are printed instead, to look at.
"""

import datetime as dt
import hashlib
import importlib.metadata
import importlib.resources
import random
import sys
import zoneinfo

import tzdata
from croniter import CroniterBadDateError, croniter

# Only the data of the package, never the system's: their editions differ.
zoneinfo.reset_tzpath([])

UTC = dt.timezone.utc
FIRST, END = dt.datetime(2020, 1, 1, tzinfo=UTC), dt.datetime(2041, 1, 1, tzinfo=UTC)

# Schedules whose local times lie where clocks change, with the hours around a change that are looked at. Each is
# given as a cron line and as what decides whether a local minute is on schedule.
AROUND = [
    ("*/30 * * * *", 8, lambda t: t.minute % 30 == 0),
    ("15,45 0-4,23 * * *", 8, lambda t: t.minute in (15, 45) and t.hour in (0, 1, 2, 3, 4, 23)),
    ("30 0 * * *", 50, lambda t: (t.hour, t.minute) == (0, 30)),
    ("30 1 * * *", 50, lambda t: (t.hour, t.minute) == (1, 30)),
    ("30 2 * * *", 50, lambda t: (t.hour, t.minute) == (2, 30)),
    ("0 3 * * *", 50, lambda t: (t.hour, t.minute) == (3, 0)),
    ("0 0 * * SUN", 50, lambda t: (t.hour, t.minute) == (0, 0) and t.weekday() == 6),
    ("30 2 * * SUNL", 50, lambda t: (t.hour, t.minute) == (2, 30) and t.weekday() == 6 and later(t, 7).month != t.month),
    ("30 2 L * *", 50, lambda t: (t.hour, t.minute) == (2, 30) and later(t, 1).month != t.month),
]


def later(moment, days):
    return moment + dt.timedelta(days=days)


def fingerprint(lines):
    return hashlib.sha256("".join(line + "\n" for line in lines).encode()).hexdigest()[:16]


def changes(zone):
    """Every instant at which the offset changes, to the second."""
    found = []

    def offset(at):
        return at.astimezone(zone).utcoffset()

    at = FIRST - dt.timedelta(seconds=1)
    while at < END:
        after = at + dt.timedelta(hours=6)
        if offset(at) != offset(after):
            low, high = at, after
            while high - low > dt.timedelta(seconds=1):
                middle = low + (high - low) // 2
                middle = middle.replace(microsecond=0)
                low, high = (middle, high) if offset(middle) == offset(at) else (low, middle)
            if FIRST <= high < END:
                found.append(high)
        at = after
    return found


def instant(local, zone):
    """RFC 5545, 3.3.5: the first of two; what is skipped goes by the offset before the change (PEP 495, fold=0)."""
    return local.replace(tzinfo=zone, fold=0).astimezone(UTC)


def due_around(change, zone, hours, on_schedule):
    span = dt.timedelta(hours=hours)
    local = (change - span).astimezone(zone).replace(tzinfo=None, minute=0, second=0) - dt.timedelta(hours=26)
    end = (change + span).astimezone(zone).replace(tzinfo=None) + dt.timedelta(hours=26)
    due = set()
    while local <= end:
        if on_schedule(local):
            at = instant(local, zone)
            if change - span < at <= change + span:
                due.add(int(at.timestamp()))
        local += dt.timedelta(minutes=15)
    return sorted(due)


def zone_lines(name):
    zone = zoneinfo.ZoneInfo(name)
    found = changes(zone)
    lines = []
    for change in found:
        for index, (_, hours, on_schedule) in enumerate(AROUND):
            due = due_around(change, zone, hours, on_schedule)
            lines.append(f"{int(change.timestamp())} {index} {' '.join(map(str, due))}")
    return len(found), lines


def cron_lines(count=400):
    """Lines at random, always the same ones; ours beside croniter's spelling where they differ."""
    dice = random.Random(20261129)
    days = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]
    months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]

    def number(low, high, names=None):
        kind = dice.randrange(6)
        one = lambda: dice.randint(low, high)
        named = lambda n: names[n - low].upper() if names and dice.random() < 0.4 else str(n)
        if kind == 0:
            return "*"
        if kind == 1:
            return f"*/{dice.randint(2, max(2, (high - low) // 2))}"
        if kind == 2:
            first = dice.randint(low, high - 1)
            return f"{named(first)}-{named(dice.randint(first + 1, high))}"
        if kind == 3:
            return ",".join(named(n) for n in sorted({one() for _ in range(3)}))
        if kind == 4:
            first = dice.randint(low, high - 1)
            return f"{first}-{dice.randint(first + 1, high)}/{dice.randint(1, 4)}"
        return named(one())

    def week():
        kind = dice.randrange(5)
        if kind == 0:
            day, nth = dice.randrange(7), dice.randint(1, 5)
            return f"{days[day].upper()}#{nth}", f"{days[day]}#{nth}"
        if kind == 1:
            day = dice.randrange(7)
            return f"{days[day].upper()}L", f"L{day}"
        if kind == 2:
            return "*", "*"
        text = number(0, 6, days)
        return text, text

    for _ in range(count):
        minute, hour = str(dice.randint(0, 59)), number(0, 23)
        day = dice.choice(["*", "*", "L", "L", number(1, 28)])
        month, (ours, theirs) = dice.choice(["*", "*", number(1, 12, months)]), week()
        head = [minute, hour, day, month]
        seconds = dice.random() < 0.25
        if seconds:
            head.insert(0, str(dice.choice([0, 15, 30, 59])))
        yield " ".join([*head, ours]), " ".join([*head, theirs]), seconds


def cron_due(line, seconds, count=25):
    fields = line.split()
    special = "L" in fields[-3] or "L" in fields[-1] or "#" in fields[-1]
    if special and not fields[-3].startswith("*") and not fields[-1].startswith("*"):
        # croniter 7 loses one of the two beside an L, so either is asked alone.
        alone = [[*fields[:-3], "*", *fields[-2:]], [*fields[:-1], "*"]]
        return sorted({at for one in alone for at in cron_due(" ".join(one), seconds, count)})[:count]
    start = dt.datetime(2025, 12, 31, 23, 59, 59, tzinfo=UTC)
    # crontab(5): a day field that begins with `*` does not count as given.
    steps = croniter(line, start, second_at_beginning=seconds, implement_cron_bug=True, max_years_between_matches=30)
    due = []
    while len(due) < count:
        try:
            at = steps.get_next(dt.datetime)
        except CroniterBadDateError:
            break
        if at.year > 2050:
            break
        due.append(int(at.timestamp()))
    return due


def weeks_lines(count=60):
    dice = random.Random(2)
    names = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
    for _ in range(count):
        every, anchor = dice.randint(2, 9), dt.date(2020, 1, 1) + dt.timedelta(days=dice.randrange(3000))
        chosen = sorted(dice.sample(range(7), dice.randint(1, 3)))
        hour, minute = dice.randrange(24), dice.choice([0, 15, 30])
        text = f"every {every} weeks on {' and '.join(names[day] for day in chosen)} at {hour:02}:{minute:02} from {anchor}"
        monday = anchor - dt.timedelta(days=anchor.weekday())
        due, week = [], 0
        while len(due) < 25:
            for day in chosen:
                date = monday + dt.timedelta(weeks=week, days=day)
                if date >= anchor and date >= dt.date(2026, 1, 1):
                    at = dt.datetime(date.year, date.month, date.day, hour, minute, tzinfo=UTC)
                    due.append(int(at.timestamp()))
            week += every
        yield text, due[:25]


def main():
    if len(sys.argv) > 1:
        print("\n".join(zone_lines(sys.argv[1])[1]))
        return
    print(f"tzdata {tzdata.IANA_VERSION} (croniter {importlib.metadata.version('croniter')})")
    names = importlib.resources.files("tzdata").joinpath("zones").read_text().split()
    for name in sorted(names):
        count, lines = zone_lines(name)
        print(f"zone\t{name}\t{count}\t{fingerprint(lines)}")
    for ours, theirs, seconds in cron_lines():
        print(f"cron\t{ours}\t{fingerprint(map(str, cron_due(theirs, seconds)))}")
    for text, due in weeks_lines():
        print(f"weeks\t{text}\t{fingerprint(map(str, due))}")


if __name__ == "__main__":
    main()
