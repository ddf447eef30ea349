#!/usr/bin/env python3
"""Pictures for the README, from the demo: an issue's page on a desk, its mail on a telephone.

    pictures.py PULLQUOTE FOLDER
"""

import email
import email.policy
import pathlib
import subprocess
import sys
import tempfile

from browser import browser


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    program, folder = (pathlib.Path(word).resolve() for word in sys.argv[1:])
    with tempfile.TemporaryDirectory(prefix="pullquote-pictures-") as scratch:
        scratch = pathlib.Path(scratch)
        subprocess.run([program, "demo", "--once", "-o", scratch / "demo"], check=True, stderr=subprocess.DEVNULL)
        mail = email.message_from_bytes((scratch / "demo" / "mail-1.eml").read_bytes(), policy=email.policy.default)
        (scratch / "mail.html").write_text(mail.get_body(("html",)).get_content())
        with browser(scratch) as window:
            window.width(1120)
            window.open((scratch / "demo" / "weekend-1.html").as_uri())
            window.picture(folder / "digest.png", tallest=1180)
            window.width(390)
            window.open((scratch / "mail.html").as_uri())
            window.picture(folder / "mail.png", tallest=1180)
    for path in sorted(folder.glob("*.png")):
        print(f"{path.name}: {path.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
