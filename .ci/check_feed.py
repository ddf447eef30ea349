#!/usr/bin/env python3
"""What a published RSS 2.0 feed must hold (RSS Best Practices Profile, and what the W3C validator reports).

    check_feed.py FILE URL     prints each problem; exit code 1 where there is one
"""

import datetime
import email.utils
import re
import sys
import xml.etree.ElementTree as tree
from html.parser import HTMLParser

ATOM = "http://www.w3.org/2005/Atom"
CONTENT = "http://purl.org/rss/1.0/modules/content/"
DC = "http://purl.org/dc/elements/1.1/"
KNOWN = {
    ATOM, CONTENT, DC,
    "http://search.yahoo.com/mrss/",
    "http://purl.org/rss/1.0/modules/syndication/",
    "http://purl.org/rss/1.0/modules/slash/",
    "http://www.itunes.com/dtds/podcast-1.0.dtd",
}
DATE = re.compile(
    r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{2} (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} "
    r"\d{2}:\d{2}:\d{2} (GMT|[+-]\d{4})"
)
TAG_URI = re.compile(r"tag:[a-z0-9.-]+,\d{4}(-\d{2}(-\d{2})?)?:\S+")
DAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
# Elements without an end tag.
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
LARGEST = 512 * 1024


class Markup(HTMLParser):
    """Finds relative addresses, what would act in a reader, and tags that do not balance."""

    def __init__(self):
        super().__init__()
        self.problems = []
        self.open = []

    def handle_starttag(self, tag, attrs):
        if tag in {"script", "style", "iframe", "object", "embed", "form", "img"}:
            self.problems.append(f"<{tag}> in the content")
        if tag not in VOID:
            self.open.append(tag)
        for name, value in attrs:
            if name in {"href", "src", "cite", "action", "poster"} and not re.match(r"(https?|mailto):", value or ""):
                self.problems.append(f"{name}={value!r} is not absolute")
            if name.startswith("on") or name == "style":
                self.problems.append(f"attribute {name}")

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.problems.append(f"</{tag}> closes nothing")


def date_problems(name, text, now):
    if not DATE.fullmatch(text or ""):
        return [f"{name} is no RFC 822 date with a day of the week, a year of four digits and a zone: {text!r}"]
    at = email.utils.parsedate_to_datetime(text)
    problems = []
    if DAYS[at.weekday()] != text[:3]:
        problems.append(f"{name} names the wrong day of the week: {text}")
    if at > now:
        problems.append(f"{name} lies in the future: {text}")
    return problems


def html_problems(name, html):
    markup = Markup()
    markup.feed(html)
    markup.close()
    if markup.open:
        markup.problems.append(f"never closed: {markup.open}")
    return [f"{name}: {problem}" for problem in markup.problems]


def channel_problems(channel, url, now):
    problems = []
    for name in ("title", "link", "description", "language", "lastBuildDate", "generator", "docs", "ttl"):
        if len(channel.findall(name)) != 1 or not (channel.findtext(name) or "").strip():
            problems.append(f"the channel needs one <{name}> that is not empty")
    if not re.match(r"https?://", channel.findtext("link") or ""):
        problems.append("the channel's link is not absolute")
    problems += date_problems("lastBuildDate", channel.findtext("lastBuildDate"), now)
    selves = [link.get("href") for link in channel.findall(f"{{{ATOM}}}link") if link.get("rel") == "self"]
    if selves != [url]:
        problems.append(f"atom:link rel=self is {selves}, not {url}")
    return problems


def item_problems(item, now):
    name = item.findtext("title") or "an item without a title"
    problems = []
    if "<" in name or "\n" in name:
        problems.append("markup or a line break in the title")
    for required in ("title", "link", "guid", "pubDate", "description", f"{{{CONTENT}}}encoded", f"{{{DC}}}creator"):
        if len(item.findall(required)) != 1 or not (item.findtext(required) or "").strip():
            problems.append(f"needs one {required} that is not empty")
    if item.find("author") is not None:
        problems.append("author must be a mail address; the name belongs into dc:creator")
    order = [child.tag for child in item]
    if "description" in order and f"{{{CONTENT}}}encoded" in order:
        if order.index("description") > order.index(f"{{{CONTENT}}}encoded"):
            problems.append("description must come before content:encoded")
    guid = item.find("guid")
    if guid is not None:
        if guid.get("isPermaLink") != "false":
            problems.append("guid needs isPermaLink=false")
        if not TAG_URI.fullmatch(guid.text or ""):
            problems.append(f"guid is no tag: URI: {guid.text}")
    if not re.match(r"https?://", item.findtext("link") or ""):
        problems.append(f"the link is not absolute: {item.findtext('link')}")
    problems += date_problems("pubDate", item.findtext("pubDate"), now)
    problems += html_problems("content", item.findtext(f"{{{CONTENT}}}encoded") or "")
    problems += html_problems("description", item.findtext("description") or "")
    return [f"{name}: {problem}" for problem in problems]


def problems(xml, url, now=None):
    """Every problem of a feed that is published at `url`."""
    now = now or datetime.datetime.now(datetime.timezone.utc)
    found = []
    if len(xml) > LARGEST:
        found.append(f"{len(xml)} octets are too many")
    # ElementTree drops namespaces that are declared and not used, so look at the text.
    declared = set(re.findall(rb'\sxmlns(?::[\w.-]+)?="([^"]*)"', xml))
    found += [f"unknown namespace {uri.decode()}" for uri in declared if uri.decode() not in KNOWN]
    root = tree.fromstring(xml)
    channel = root.find("channel")
    if root.tag != "rss" or root.get("version") != "2.0" or channel is None:
        return [*found, "no RSS 2.0 channel"]
    found += channel_problems(channel, url, now)
    items = channel.findall("item")
    if not items:
        found.append("no item")
    for item in items:
        found += item_problems(item, now)
    guids = [item.findtext("guid") for item in items]
    if len(set(guids)) != len(guids):
        found.append("two items share a guid")
    dates = [item.findtext("pubDate") for item in items]
    if all(DATE.fullmatch(date or "") for date in dates):
        times = [email.utils.parsedate_to_datetime(date) for date in dates]
        if times != sorted(times, reverse=True):
            found.append("the newest item is not first")
    return found


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    with open(sys.argv[1], "rb") as file:
        listed = problems(file.read(), sys.argv[2])
    print("\n".join(listed) or "no problems")
    sys.exit(1 if listed else 0)
