#!/usr/bin/python3
"""Checks the DKIM signatures of mails by dkimpy, which shares no code with what signed them.

    verify_dkim.py RECORDS MAIL...     RECORDS is a JSON object of DNS names and their TXT records

Prints how many signatures hold for each selector, as JSON; the exit code is 1 where one does not. Debian's own
python3 runs it, since python3-dkim is installed for that one.
"""

import collections
import json
import pathlib
import sys

import dkim


def main():
    records = json.loads(pathlib.Path(sys.argv[1]).read_text())
    held, failed = collections.Counter(), []
    for path in sys.argv[2:]:
        raw = pathlib.Path(path).read_bytes()
        count = raw.split(b"\n\n")[0].count(b"DKIM-Signature:")
        for index in range(count):
            verifier = dkim.DKIM(raw)
            try:
                good = verifier.verify(idx=index, dnsfunc=lambda name, timeout=5: records[name.decode().rstrip(".")].encode())
            except (dkim.DKIMException, KeyError) as error:
                failed.append(f"{path}: {error!r}")
                continue
            if good:
                held[verifier.selector.decode()] += 1
            else:
                failed.append(f"{path}: signature {index} does not hold")
        if not count:
            failed.append(f"{path}: no signature")
    print(json.dumps(held))
    for line in failed[:10]:
        print(line, file=sys.stderr)
    sys.exit(1 if failed else 0)


main()
