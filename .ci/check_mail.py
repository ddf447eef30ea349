"""What a mail of an issue must hold, by Python's own reading of it."""

import email
import email.policy
import re
from html.parser import HTMLParser


class Resources(HTMLParser):
    """Finds what a page or a mail would load, run or send when it is opened."""

    LOADING = {"src", "srcset", "poster", "background", "data", "codebase", "manifest"}

    def __init__(self, own):
        super().__init__()
        self.own = own
        self.problems = []

    def handle_starttag(self, tag, attrs):
        if tag in {"script", "object", "embed", "base", "applet"}:
            self.problems.append(f"<{tag}>")
        given = dict(attrs)
        loads = tag == "link" and {"stylesheet", "icon", "preload"} & set((given.get("rel") or "").split())
        for name, value in attrs:
            value = value or ""
            if (name in self.LOADING or (loads and name == "href")) and not self.is_own(value):
                self.problems.append(f"<{tag} {name}={value!r}>")
            if name.startswith("on") or value.strip().lower().startswith("javascript:"):
                self.problems.append(f"<{tag} {name}={value!r}> runs a script")
            if name == "style":
                self.style(value)

    def handle_data(self, data):
        # The text of <style> arrives here; prose holds neither of the two.
        self.style(data)

    def style(self, text):
        if re.search(r"url\(|@import", text, re.IGNORECASE):
            self.problems.append(f"a style that loads: {text[:80]!r}")

    def is_own(self, value):
        return value == "data:," or (self.own and not re.match(r"(?:[a-z][a-z0-9+.-]*:|//)", value, re.IGNORECASE))


def outside_resources(html, own=True):
    """What HTML would load from elsewhere; with `own=False` it may load nothing at all."""
    parser = Resources(own)
    parser.feed(html)
    parser.close()
    return parser.problems


def problems(raw):
    """Every problem of an issue's mail."""
    mail = email.message_from_bytes(raw, policy=email.policy.default)
    found = [f"defect: {defect!r}" for part in mail.walk() for defect in part.defects]
    kinds = [part.get_content_type() for part in mail.walk()]
    if kinds != ["multipart/alternative", "text/plain", "text/html"]:
        return [*found, f"its parts are {kinds}"]
    for name in ("From", "To", "Subject", "Date", "Message-ID", "List-Id", "List-Unsubscribe", "List-Unsubscribe-Post"):
        if len(mail.get_all(name, [])) != 1:
            found.append(f"needs one {name}")
    if found:
        return found
    found += [f"{name}: {defect!r}" for name, value in mail.items() for defect in getattr(value, "defects", ())]
    leave = re.fullmatch(r"<(https?://[!-;=?-~]+)>, *<(mailto:[!-;=?-~]+)>", str(mail["List-Unsubscribe"]))
    if not leave:
        found.append(f"List-Unsubscribe is {mail['List-Unsubscribe']!r}")
    if str(mail["List-Unsubscribe-Post"]) != "List-Unsubscribe=One-Click":
        found.append(f"List-Unsubscribe-Post is {mail['List-Unsubscribe-Post']!r}")
    head = raw.replace(b"\r\n", b"\n").split(b"\n\n", 1)[0]
    if not head.isascii():
        found.append("a header that is not ASCII")
    if any(len(line) > 998 for line in raw.replace(b"\r\n", b"\n").split(b"\n")):
        found.append("a line longer than 998 octets")
    text, html = (mail.get_body((kind,)).get_content() for kind in ("plain", "html"))
    if len(text) < 200 or len(html) < 1000:
        found.append(f"{len(text)} characters of text and {len(html)} of HTML are too few")
    if leave and (leave[1] not in text or leave[1] not in html):
        found.append("a part without the link to leave")
    return found + [f"the HTML part: {problem}" for problem in outside_resources(html, own=False)]


class Links(HTMLParser):
    """Collects where links lead."""

    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):
        href = dict(attrs).get("href")
        if tag == "a" and href:
            self.found.append(href)


def links(html):
    """Where the links of some HTML lead."""
    parser = Links()
    parser.feed(html)
    parser.close()
    return parser.found
