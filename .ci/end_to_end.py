#!/usr/bin/env python3
"""The built program from end to end: the demo's files, mail through a real Postfix and Dovecot, the site in a real Chromium.

    end_to_end.py PULLQUOTE [files] [mail] [bounces] [site]     all parts, or those named; ends in `N passed, N failed`

Pictures of the pages are kept in target/end-to-end/.
"""

import pathlib
import shutil
import signal
import sys
import tempfile
import time
import traceback

import part_bounces
import part_files
import part_mail
import part_site
from tally import Failed, Tally

PARTS = {"files": part_files.run, "mail": part_mail.run, "bounces": part_bounces.run, "site": part_site.run}


def main():
    if len(sys.argv) < 2 or not set(sys.argv[2:]) <= set(PARTS):
        sys.exit(__doc__)
    program = pathlib.Path(sys.argv[1]).resolve()
    # Told to stop, it still goes through every `finally`, and stops what it started.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("stopped"))
    kept = pathlib.Path(__file__).resolve().parent.parent / "target" / "end-to-end"
    kept.mkdir(parents=True, exist_ok=True)
    tally = Tally()
    started = time.monotonic()
    scratch = pathlib.Path(tempfile.mkdtemp(prefix="pullquote-ci-"))
    # Postfix's processes are other users and must get through.
    scratch.chmod(0o755)
    try:
        for name in sys.argv[2:] or PARTS:
            folder = scratch / name
            folder.mkdir()
            PARTS[name](tally, program, folder, kept)
    except Failed:
        pass
    except Exception:
        # Something around the checks broke: that is a failure too.
        tally.failed += 1
        traceback.print_exc()
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    print(f"\nEnd to end: {tally.passed} passed, {tally.failed} failed in {time.monotonic() - started:.1f} s")
    sys.exit(1 if tally.failed else 0)


if __name__ == "__main__":
    main()
