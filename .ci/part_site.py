"""The site of `pullquote demo` in Chromium: every page at two widths, and what people do there, by hand."""

import contextlib
import re
import secrets
import urllib.parse

from browser import browser
from check_mail import outside_resources
from mail_server import free_port
from processes import end, http, running, text_of, until

WIDTHS = [1280, 390]
READER = "new.reader@example.net"
# A digest that sends no mail and has no issue yet.
QUIET = """\
title = "Quiet Fridays"
schedule = "every Friday at 08:00"
time_zone = "Europe/Berlin"
[[source]]
folder = "reviews"
"""
SETTINGS = """\
public_url = "http://127.0.0.1:{port}"
listen = "127.0.0.1:{port}"
[paths]
data = "{folder}/data"
digests = "{folder}/digests"
[admin]
password = "{password}"
"""


def run(tally, program, folder, kept):
    tally.part("The site in Chromium")
    log = folder / "demo.log"
    with running([program, "demo", "--port", "0"], log, cwd=folder) as demo:
        desk = until("the demo is up", lambda: re.search(r"(http://\S+)admin\s+\(password: (\S+)\)", text_of(log)))
        base, password = desk[1], desk[2]
        with browser(folder) as window:
            visit = Visit(tally, window, base, kept)
            visit.public_pages()
            visit.subscribe()
            visit.leave()
            visit.one_click()
            visit.desk(password)
            visit.star()
            visit.one_off()
            visit.forgery()
        tally.check("the demo ends when asked to, in order", end(demo) == 0, text_of(log))
    tally.check("and removes its files", "could not be removed" not in text_of(log), text_of(log))
    empty_site(tally, program, folder / "empty", kept, "")
    empty_site(tally, program, folder / "quiet", kept, QUIET)


def empty_site(tally, program, folder, kept, digest):
    """`pullquote serve` before anything has come: every page still says what to do."""
    (folder / "digests" / "reviews").mkdir(parents=True)
    if digest:
        (folder / "digests" / "quiet.toml").write_text(digest)
    port, password = free_port(), secrets.token_urlsafe(12)
    settings = folder / "settings.toml"
    settings.write_text(SETTINGS.format(port=port, folder=folder, password=password))
    log, name = folder / "serve.log", folder.name
    base = f"http://127.0.0.1:{port}/"
    with running([program, "--config", settings, "serve"], log, cwd=folder) as server:
        until("the server is up", lambda: server.poll() is not None or "serving" in text_of(log))
        with browser(folder) as window:
            visit = Visit(tally, window, base, kept)
            visit.look(f"{name}-home", "", ["The first issue is yet to come"] if digest else ["No digest has been set up"])
            visit.look(f"{name}-subscribe", "subscribe", ["Nothing is sent by mail here"])
            if digest:
                visit.look(f"{name}-digest", "d/quiet", ["Quiet Fridays", "The first issue is yet to come"])
            visit.sign_in(password, f"{name}-desk", ["None yet."])
        tally.check(f"the server ({name}) ends when asked to, in order", end(server) == 0, text_of(log))


class Visit:
    """A visit to the site."""

    def __init__(self, tally, window, base, kept):
        self.tally = tally
        self.window = window
        self.base = base
        self.kept = kept

    def public_pages(self):
        self.look("home", "", ["The Weekend Shelf", "Issue 1"])
        self.look("digest", "d/weekend", ["The Weekend Shelf", "every Friday at 08:00", "Follow by feed"])
        self.look("issue", "d/weekend/1", ["Issue 1", "The Left Hand of Darkness", "Contains spoilers"])
        self.look("work", "w/the-third-man", ["The Third Man", "Carol Reed"])
        self.look("subscribe", "subscribe", ["Subscribe", "No tracking"])
        self.look("mailbox", "mailbox", ["Mailbox", "The Weekend Shelf #1"])
        self.look("nowhere", "no/such/page", ["Subscribe"], complaints=["404"])
        for name in ("feed.xml", "atom.xml", "feed.json", "reviews.xml"):
            status, headers, _ = http(f"{self.base}d/weekend/{name}")
            second, _, _ = http(f"{self.base}d/weekend/{name}", headers={"If-None-Match": headers.get("ETag", "")})
            self.tally.check(f"{name} is served once, and 304 after that", (status, second) == (200, 304), (status, second))

    def look(self, name, path, words, complaints=()):
        """Opens a page at both widths and judges it."""
        for width in WIDTHS:
            self.window.width(width)
            self.window.open(self.base + path)
            self.judge(f"{name}-{width}", words, complaints)

    def both(self, name, words):
        """Judges the page that is open at both widths."""
        for width in WIDTHS:
            self.window.width(width)
            self.judge(f"{name}-{width}", words)

    def judge(self, name, words, complaints=()):
        """Judges the page that is open as it is, and keeps a picture."""
        window = self.window
        source = self.settled(words)
        problems = [f"does not say {word!r} at {window.url()}: {window.text()[:600]}" for word in words if word not in source]
        whole, seen = window.script("let e = document.documentElement; return [e.scrollWidth, e.clientWidth]")
        problems += [f"scrolls sideways: {whole} pixels in {seen}"] if whole > seen else []
        octets = window.picture(self.kept / f"{name}.png")
        problems += [f"is not painted: {octets} octets"] if octets < 8000 else []
        problems += [line for line in window.complaints() if not any(known in line for known in complaints)]
        loaded = window.script("return performance.getEntriesByType('resource').map(entry => entry.name)")
        problems += [f"loads {url}" for url in loaded if not url.startswith((self.base, "data:"))]
        problems += [f"names {found}" for found in outside_resources(source)]
        self.tally.none(f"{name}: words, width, paint, console, nothing from elsewhere", problems)

    def settled(self, words, seconds=5):
        """The page's source, once it holds the words: a link that was followed may not have led there yet."""
        with contextlib.suppress(TimeoutError):
            until("the page", lambda: all(word in self.window.source() for word in words), seconds)
        return self.window.source()

    def mail_link(self, subject, kind):
        """Opens the newest mail with such a subject and gives its link of a kind, from the text part."""
        window = self.window

        def opened():
            window.open(self.base + "mailbox")
            if subject not in window.source():
                return False
            window.follow(subject)
            return True

        until(f"the mail {subject!r}", opened)
        return re.search(rf"{re.escape(self.base)}{kind}/[\w-]+", window.source())[0]

    def subscribe(self):
        window, tally = self.window, self.tally
        window.width(1280)
        window.open(self.base + "subscribe")
        window.type("input[name=email]", READER)
        window.submit("form.subscribe button")
        self.both("subscribe-sent", ["mail"])
        tally.check("the answer does not tell whether the address was known", READER not in window.text(), window.text())
        window.width(1280)
        link = self.mail_link("Please confirm", "confirm")
        self.both("mail-confirmation", ["Please confirm"])
        window.width(1280)
        window.frame("iframe")
        window.follow("Go and confirm")
        window.frame()
        until("the mail's button leads to the page", lambda: window.url() == link)
        self.both("confirm", ["The Weekend Shelf"])
        for _ in range(2):
            status, _, text = http(link)
            tally.check("opening the link confirms nothing", status == 200 and "<form" in text, text)
        window.width(1280)
        window.submit("main button")
        self.both("confirmed", ["The Weekend Shelf"])

    def leave(self):
        window = self.window
        window.width(1280)
        link = self.mail_link("The Weekend Shelf #1", "unsubscribe")
        self.both("mail-issue", ["The Weekend Shelf #1"])
        window.width(1280)
        window.open(link)
        self.both("unsubscribe", ["The Weekend Shelf"])
        window.open(link.replace("/unsubscribe/", "/preferences/"))
        self.both("preferences", ["What you get"])
        window.width(1280)
        window.open(link)
        window.submit("main button")
        self.both("left", ["The Weekend Shelf"])

    def one_click(self):
        """RFC 8058: what a mail client sends, without cookies or a page before it."""
        window, tally = self.window, self.tally
        window.open(self.base + "mailbox")
        links = [urllib.parse.urljoin(self.base, path) for path in set(re.findall(r'/mailbox/[^"]+', window.source()))]
        leave = sorted({found for url in links for found in re.findall(rf"{re.escape(self.base)}unsubscribe/[\w-]+", http(url)[2])})
        tally.check("every reader has a link of their own", len(leave) == 3, leave)
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        for url in leave:
            answers = [http(url, b"List-Unsubscribe=One-Click", form)[0] for _ in range(2)]
            tally.check("one click leaves, and once more does no harm", answers == [200, 200], answers)
        changed = http(leave[0][:-1] + ("A" if leave[0][-1] != "A" else "B"))[0]
        tally.check("a changed link is refused", changed == 400, changed)

    def sign_in(self, password, name, words):
        window = self.window
        window.width(1280)
        window.open(self.base + "admin/login")
        window.type("input[type=password]", password)
        window.submit("main form button")
        until("the desk opens", lambda: window.url() == self.base + "admin")
        self.both(name, words)

    def desk(self, password):
        window, tally = self.window, self.tally
        status, headers, _ = http(self.base + "admin")
        tally.check("the desk is closed", status in {302, 303, 307, 401, 403}, (status, headers.get("Location")))
        self.look("login", "admin/login", ["Sign in"])
        window.width(1280)
        window.type("input[type=password]", "not the password")
        window.submit("main form button")
        self.judge("login-refused-1280", ["That is not the password"], complaints=["401"])
        self.sign_in(password, "desk", ["The desk", "The Weekend Shelf", "Send a one-off", "Recent reviews"])
        cookie = window.cookies()[0]
        tally.check("its cookie is out of reach of scripts and other sites", cookie["httpOnly"] and cookie["sameSite"] == "Strict", cookie)

    def star(self):
        window, tally = self.window, self.tally
        window.width(1280)
        name = "return document.querySelector('button.star:not(.on)').form.review.value"
        review = window.script(name)
        button = f"//form[input[@value='{review}']]/button"
        for act, state in (("stars a review", "true"), ("takes the star back", "false")):
            window.press(button)
            until(act, lambda state=state: window.attribute(button, "aria-pressed") == state)
            tally.check(f"an editor {act}", True)

    def one_off(self):
        window, tally = self.window, self.tally
        window.open(self.base + "admin")
        review = window.text(".review-row code")
        window.type("#one-reviews", review)
        window.type("#one-note", "A word from the desk.")
        window.submit("section[aria-labelledby=one-off] button")
        self.both("desk-dry-run", ["A dry run", "Nothing was sent or used", "The issue as it would be"])
        window.width(1280)
        tally.check("a dry run makes no issue", http(f"{self.base}d/weekend/2")[0] == 404)
        window.click("#one-whom option[value=addresses]")
        window.type("#one-to", "editor@example.net")
        window.click("input[name=dry_run]")
        window.submit("section[aria-labelledby=one-off] button")
        self.judge("desk-test-1280", ["A test of", "Nothing was used"])
        self.mail_link("[Test] The Weekend Shelf #2", "unsubscribe")
        tally.check("a test arrives and makes no issue", http(f"{self.base}d/weekend/2")[0] == 404)
        window.open(self.base + "admin")
        window.type("#one-reviews", review)
        window.type("#one-note", "A word from the desk.")
        window.click("input[name=dry_run]")
        window.submit("section[aria-labelledby=one-off] button")
        self.judge("desk-sent-1280", ["is frozen and goes out to 1 recipient."])
        self.mail_link("The Weekend Shelf #2", "unsubscribe")
        tally.check("it arrives at the one reader who has not left", "new.reader@example.net" in window.source())
        self.look("issue-2", "d/weekend/2", ["A word from the desk.", "Issue 2"])
        self.look("desk-issue", "admin/d/weekend/2", ["Deliveries", "Recipients"])
        self.look("desk-issue-1", "admin/d/weekend/1", ["ada@example.org", "sent"])

    def forgery(self):
        """What another site could make a signed-in browser do: nothing."""
        window, tally = self.window, self.tally
        jar = "; ".join(f"{cookie['name']}={cookie['value']}" for cookie in window.cookies())
        form = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": jar}
        for fields in (b"digest=weekend", b"digest=weekend&csrf=0000"):
            status, _, _ = http(self.base + "admin/send", fields, form)
            tally.check("a form without its token is refused", status in {400, 401, 403}, status)
        tally.check("and nothing was sent", http(f"{self.base}d/weekend/3")[0] == 404)
        window.open(self.base + "admin")
        window.submit("header.site button")
        until("the desk closes", lambda: not window.url().startswith(self.base + "admin"))
        window.open(self.base + "admin")
        tally.check("signed out, the desk asks for the password", "/admin/login" in window.url(), window.url())
