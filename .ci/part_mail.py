"""Delivery to a real Postfix: STARTTLS or nothing, a refused recipient, books that say what happened."""

import email
import email.policy
import json
import pathlib
import re
import shutil
import subprocess

import check_mail
from mail_server import DOMAIN, mail_server
from processes import end, running, text_of, until

PEOPLE = ["ann", "ben", "caro"]
SETTINGS = """\
public_url = "https://digest.example.org"
[paths]
data = "{folder}/data"
digests = "{folder}/digests"
[smtp]
url = "smtp://127.0.0.1:{port}?tls=required"
timeout = "20s"
{authority}
"""


class Pullquote:
    """The program with settings of its own."""

    def __init__(self, program, settings):
        self.command = [program, "--config", settings]

    def __call__(self, *words):
        return subprocess.run([*self.command, *words], capture_output=True, text=True, timeout=120)


def run(tally, program, folder, _kept):
    tally.part("Mail through Postfix")
    shutil.copytree(pathlib.Path(__file__).resolve().parent.parent / "digests", folder / "digests")
    with mail_server(folder / "postfix", PEOPLE) as server:
        deliver(tally, program, folder, server)
        draft(tally, program, folder, server)


def settings(folder, server, name, authority):
    path = folder / name
    path.write_text(SETTINGS.format(folder=folder, port=server.port, authority=authority))
    return path


def deliver(tally, program, folder, server):
    trusting = settings(folder, server, "trusting.toml", f'ca_file = "{server.ca_file}"')
    pullquote = Pullquote(program, trusting)
    checked = pullquote("check")
    tally.check("pullquote check reaches the server", f":{server.port}" in checked.stdout, checked)
    addresses = [f"{person}@{DOMAIN}" for person in [*PEOPLE, "nobody-here"]]
    added = pullquote("subscribers", "add", "weekend", *addresses)
    tally.check("four subscribers are added", added.returncode == 0, added)
    collected = pullquote("collect")
    tally.check("the reviews are collected", collected.returncode == 0, collected)

    strict = Pullquote(program, settings(folder, server, "strict.toml", ""))
    refused = strict("send", "weekend", "--to", addresses[0])
    tally.check("a certificate that nobody vouches for is refused", refused.returncode == 1 and "certificate" in refused.stderr.lower(), refused)
    tally.check("and no mail went out", not server.mails("ann"), server.log())

    tested = pullquote("send", "weekend", "--to", addresses[0])
    tally.check("a test goes to one address", tested.returncode == 0, tested)
    until("the test arrives", lambda: server.mails("ann"))
    subject = email.message_from_bytes(server.mails("ann")[0], policy=email.policy.default)["Subject"]
    tally.check("and says that it is one", subject.startswith("[Test] "), subject)

    sent = pullquote("send", "weekend", "--yes")
    tally.check("the issue goes out; one refused recipient makes the exit code 1", sent.returncode == 1, sent)
    tally.check("the summary counts three sent and one failed", "3 sent, 1 failed" in sent.stdout + sent.stderr, sent)
    books(tally, pullquote, addresses)
    for person in PEOPLE:
        number = 2 if person == "ann" else 1
        until(f"the mail of {person}", lambda person=person, number=number: len(server.mails(person)) == number)
        arrived(tally, person, server.mails(person)[-1])

    again = pullquote("send", "weekend", "--yes")
    tally.check("sent once more, nothing is new and nothing goes out", again.returncode == 1 and "no issue" in again.stderr, again)
    counts = [len(server.mails(person)) for person in PEOPLE]
    tally.check("nobody got it twice", counts == [2, 1, 1], counts)
    plain = [line for line in server.log().splitlines() if "Must issue a STARTTLS" in line]
    tally.none("no message was offered in clear", plain)


def draft(tally, program, folder, server):
    """A schedule that stops for approval: its editor gets the issue, nobody else does until it is approved."""
    digest = (folder / "digests" / "weekend.toml").read_text()
    often = f'schedule = "*/5 * * * * *"\napprove = "caro@{DOMAIN}"\n'
    (folder / "digests" / "desk.toml").write_text(re.sub(r"(?m)^schedule .*\n", lambda _: often, digest))
    path = settings(folder, server, "trusting.toml", f'ca_file = "{server.ca_file}"')
    pullquote = Pullquote(program, path)
    pullquote("subscribers", "add", "desk", f"ben@{DOMAIN}")
    before = {person: len(server.mails(person)) for person in ("ben", "caro")}
    log = folder / "serve.log"
    with running([program, "--config", path, "serve", "--only", "schedule"], log, cwd=folder) as server_process:
        until("the draft is mailed to its editor", lambda: len(server.mails("caro")) > before["caro"], 90)
        tally.check("the scheduler ends when asked to, in order", end(server_process) == 0, text_of(log))
    shown = email.message_from_bytes(server.mails("caro")[-1], policy=email.policy.default)
    waiting = [json.loads(line) for line in pullquote("drafts", "desk", "--json").stdout.splitlines()]
    tally.check("one draft waits", len(waiting) == 1, waiting)
    tally.check("its mail names it and has no way to leave a list", "[Draft]" in shown["Subject"] and not shown["List-Unsubscribe"], shown["Subject"])
    tally.check("nobody on the list has anything", len(server.mails("ben")) == before["ben"], server.mails("ben"))
    approved = pullquote("drafts", "approve", waiting[0]["id"])
    tally.check("it is approved, and goes out", approved.returncode == 0, approved)
    until("the mail of ben", lambda: len(server.mails("ben")) == before["ben"] + 1)
    arrived(tally, "ben", server.mails("ben")[-1])
    sent = email.message_from_bytes(server.mails("ben")[-1], policy=email.policy.default)
    tally.check("what went out is what the editor saw", sent["Subject"] in shown["Subject"], (sent["Subject"], shown["Subject"]))
    again = pullquote("drafts", "approve", waiting[0]["id"])
    tally.check("approved once more, nobody gets it again", len(server.mails("ben")) == before["ben"] + 1, again)


def books(tally, pullquote, addresses):
    listed = pullquote("deliveries", "weekend", "1", "--json")
    rows = {row["email"]: row for row in map(json.loads, listed.stdout.splitlines())}
    tally.check("the ledger has a line for each recipient", set(rows) == set(addresses), listed)
    for address in addresses[:-1]:
        tally.check(f"{address} is sent, with Postfix's reply", rows[address]["state"] == "sent" and "queued as" in rows[address]["reply"], rows[address])
    lost = rows[addresses[-1]]
    tally.check("the unknown recipient is failed, with its 550", lost["state"] == "failed" and lost["reply"].startswith("550"), lost)
    words = "4 recipients = 3 sent + 1 failed + 0 excluded + 0 uncertain + 0 waiting"
    tally.check("the books balance", words in pullquote("deliveries", "weekend", "1").stdout, words)


def arrived(tally, person, raw):
    tally.none(f"the mail of {person} arrived whole", check_mail.problems(raw))
    mail = email.message_from_bytes(raw, policy=email.policy.default)
    received = " ".join(" ".join(mail.get_all("Received")).split())
    tally.check(f"the mail of {person} travelled under TLS", "TLSv1.3" in received and "ESMTPS" in received, received)
    to_one = mail["To"].addresses[0].addr_spec == f"{person}@{DOMAIN}" and mail["Delivered-To"] == f"{person}@{DOMAIN}"
    tally.check(f"and is addressed to {person} alone", to_one and len(mail["To"].addresses) == 1, mail["To"])
    leave = str(mail["List-Unsubscribe"])
    tally.check("its links begin with public_url", leave.startswith("<https://digest.example.org/unsubscribe/"), leave)
