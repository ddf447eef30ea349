"""`pullquote demo --once`: the files that it writes are sound by other people's readers."""

import json
import subprocess
import xml.etree.ElementTree as tree

import check_feed
import check_mail

BASE = "http://127.0.0.1:8080"
ATOM = "{http://www.w3.org/2005/Atom}"


def run(tally, program, folder, _kept):
    tally.part("The demo's files")
    out = folder / "out"
    done = subprocess.run([program, "demo", "--once", "-o", out], cwd=folder, capture_output=True, text=True, timeout=120)
    tally.check("pullquote demo --once ends with 0", done.returncode == 0, done.stderr)
    files = {path.name: path.read_bytes() for path in sorted(out.iterdir())}
    endings = {name.rpartition(".")[2] for name in files}
    tally.check("it wrote mails, feeds, pages and the style sheet", endings >= {"eml", "xml", "json", "html", "css"}, endings)
    mails(tally, files)
    feeds(tally, out, files)
    pages(tally, files)


def mails(tally, files):
    raw = [octets for name, octets in files.items() if name.endswith(".eml")]
    tally.check("there is a mail for each of the three readers", len(raw) == 3, len(raw))
    for number, octets in enumerate(raw, 1):
        tally.none(f"mail {number} parses, has both parts and the headers of RFC 2369, 2919 and 8058", check_mail.problems(octets))


def feeds(tally, out, files):
    for name in files:
        if name.endswith(".xml"):
            lint = subprocess.run(["xmllint", "--noout", "--nonet", out / name], capture_output=True, text=True)
            tally.check(f"{name} is well-formed (xmllint)", lint.returncode == 0, lint.stderr)
    for name in ("feed", "reviews"):
        url = f"{BASE}/d/weekend/{name}.xml"
        tally.none(f"{name}.xml keeps the rules of RSS", check_feed.problems(files[f"weekend.{name}.xml"], url))
    atom = tree.fromstring(files["weekend.atom.xml"])
    links = {link.get("rel"): link.get("href") for link in atom.findall(f"{ATOM}link")}
    tally.check("atom.xml names itself", links.get("self") == f"{BASE}/d/weekend/atom.xml", links)
    needed = [part for part in ("id", "title", "updated") for at in (atom, *atom.iter(f"{ATOM}entry")) if not at.findtext(ATOM + part)]
    tally.none("atom.xml has id, title and time in feed and entries", needed)
    feed = json.loads(files["weekend.feed.json"])
    tally.check("feed.json is JSON Feed 1.1", feed["version"] == "https://jsonfeed.org/version/1.1", feed["version"])
    whole = feed["feed_url"] == f"{BASE}/d/weekend/feed.json" and all(isinstance(i["id"], str) for i in feed["items"])
    tally.check("feed.json names itself and its items", whole and len(feed["items"]) == 1, feed)


def pages(tally, files):
    names = [name for name in files if name.endswith(".html")]
    for name in names:
        tally.none(f"{name} loads nothing from elsewhere", check_mail.outside_resources(files[name].decode()))
    links = [href for name in names for href in check_mail.links(files[name].decode()) if ":" not in href]
    gone = [href for href in links if not href.startswith(("#", "/")) and href.partition("#")[0] not in files]
    tally.none("links from file to file lead somewhere", gone)
