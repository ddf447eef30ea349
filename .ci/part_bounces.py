"""Against real servers, Postfix and Dovecot: AUTH, bounces that come back, leaving by link and by mail, DKIM."""

import email
import email.policy
import glob
import json
import os
import pathlib
import shutil
import smtplib
import ssl
import subprocess
import urllib.parse

from dovecot import PASSWORD, dovecot
from mail_server import DOMAIN, free_port, mail_server
from part_mail import Pullquote
from processes import http, running, text_of, until

PEOPLE = ["ann", "ben"]
MANY = 100
# Lists take logins; what goes to `gone.example` is taken and comes back, as when a server further on refuses it.
MORE = """\
recipient_delimiter = +
smtpd_reject_unlisted_recipient = no
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = private/auth
smtpd_tls_auth_only = yes
smtpd_relay_restrictions = permit_sasl_authenticated, reject_unauth_destination
virtual_mailbox_domains = {domain}, many.example
virtual_mailbox_maps = inline:{{ {people}, {{ bounces@{domain} = bounces/ }}, {{ @many.example = many/ }} }}
transport_maps = inline:{{ {{ gone.example = error:5.1.1 no such user here }} }}
"""
SETTINGS = """\
public_url = "http://127.0.0.1:{web}"
listen = "127.0.0.1:{web}"
[paths]
data = "{folder}/data"
digests = "{folder}/digests"
[smtp]
url = "smtp://lists%40{domain}:{password}@127.0.0.1:{smtp}?tls=required"
ca_file = "{ca}"
timeout = "20s"
[dkim]
keys = [{keys}]
[bounces]
mailbox = "{mailbox}"
return_path = "bounces@{domain}"
ca_file = "{ca}"
timeout = "20s"
"""


def run(tally, program, folder, _kept):
    tally.part("Bounces through Postfix and Dovecot")
    shutil.copytree(pathlib.Path(__file__).resolve().parent.parent / "digests", folder / "digests")
    known = ", ".join(f"{{ {person}@{DOMAIN} = {person}/ }}" for person in PEOPLE)
    home = folder / "postfix"
    with mail_server(home, PEOPLE, MORE.format(domain=DOMAIN, people=known)) as server:
        with dovecot(folder / "dovecot", home) as ports:
            House(tally, program, folder, server, ports).all()


class House:
    """A Pullquote whose mail goes through the two servers."""

    def __init__(self, tally, program, folder, server, ports):
        self.tally, self.program, self.folder, self.server, self.ports = tally, program, folder, server, ports
        self.web = free_port()
        user = f"bounces%40{DOMAIN}:{PASSWORD}@127.0.0.1"
        self.mailboxes = {
            "IMAP with STARTTLS": f"imap://{user}:{ports.imap}/INBOX?tls=required",
            "POP3 over TLS": f"pop3s://{user}:{ports.pop3s}?after=delete",
            "IMAP over TLS": f"imaps://{user}:{ports.imaps}/INBOX?after=move:Done",
            "Maildir": f"maildir:{server.home}/mail/bounces",
        }
        self.keys = []

    def pullquote(self, mailbox="IMAP with STARTTLS"):
        path = self.folder / "settings.toml"
        path.write_text(SETTINGS.format(
            web=self.web, folder=self.folder, domain=DOMAIN, password=PASSWORD, smtp=self.server.port,
            ca=self.server.ca_file, keys=", ".join(json.dumps(key) for key in self.keys), mailbox=self.mailboxes[mailbox]))
        return Pullquote(self.program, path)

    def all(self):
        self.make_keys()
        pullquote, check = self.pullquote(), self.tally.check
        addresses = [f"{person}@{DOMAIN}" for person in PEOPLE] + [f"reader{n}@many.example" for n in range(MANY)]
        added = pullquote("subscribers", "add", "weekend", *addresses)
        check("subscribers are added", added.returncode == 0, added)
        checked = pullquote("check")
        check("pullquote check gets into the mailbox", "mailbox for reports" in checked.stdout and "FAULT    the mailbox" not in checked.stdout, checked)
        collected = pullquote("collect")
        check("the reviews are collected", collected.returncode == 0, collected)
        for number, mailbox in enumerate(self.mailboxes, 1):
            self.bounce(mailbox, number)
        self.signatures()
        self.leave_by_link()
        self.leave_by_mail()

    def make_keys(self):
        folder = self.folder / "keys"
        made = self.pullquote()("dkim", "generate", "example.org", "--folder", str(folder))
        self.tally.check("DKIM keys are made", made.returncode == 0, made)
        self.keys = [line.strip().strip('",') for line in made.stdout.splitlines() if line.strip().startswith('"example.org:')]
        modes = [oct(os.stat(path).st_mode & 0o777) for path in glob.glob(f"{folder}/*")]
        self.tally.check("that only their owner can read", modes == ["0o600", "0o600"], modes)
        # The quoted strings of each record, joined, as the DNS gives them.
        self.records = {}
        for record in made.stdout.split(" IN TXT ")[1:]:
            self.records[len(self.records)] = "".join(record.split(")")[0].split('"')[1::2])
        names = [line.split(". IN TXT")[0] for line in made.stdout.splitlines() if ". IN TXT" in line]
        self.records = dict(zip(names, self.records.values()))

    def bounce(self, mailbox, number):
        """An address that does not exist gets an issue; its bounce is read and blocks it."""
        pullquote, check = self.pullquote(mailbox), self.tally.check
        gone = f"nobody{number}@gone.example"
        pullquote("subscribers", "add", "weekend", gone)
        star = json.loads(pullquote("reviews", "--json").stdout.splitlines()[0])["id"]
        sent = pullquote("send", "weekend", "--review", star, "--yes")
        check(f"{mailbox}: an issue goes out, {gone} taken too", sent.returncode == 0, sent)
        bounces = lambda: [raw for raw in self.server.mails("bounces") if gone.encode() in raw]
        until("its bounce comes back", bounces)
        to = email.message_from_bytes(bounces()[0], policy=email.policy.default)["Delivered-To"]
        check("to a return path of its own", to.startswith("bounces+") and to.endswith(f"@{DOMAIN}"), to)
        read = pullquote("bounces", "read")
        check(f"{mailbox}: the bounce is read and blocks", read.returncode == 0 and "1 addresses blocked" in read.stdout, read)
        listed = json.loads(pullquote("bounces", "list", "--email", gone, "--json").stdout.splitlines()[0])
        check("it is proven by its token and names the issue", (listed["proof"], listed["number"], listed["status"]) == ("token", number, "5.1.1"), listed)
        state = json.loads(pullquote("subscribers", "list", "weekend", "--state", "blocked", "--json").stdout.splitlines()[-1])
        check(f"{gone} is blocked", gone in json.dumps(state), state)
        again = pullquote("bounces", "read")
        check(f"{mailbox}: read once more, nothing is new", "0 new mails: 0 reports" in again.stdout, again)

    def signatures(self):
        records = self.folder / "records.json"
        records.write_text(json.dumps(self.records))
        until("all mails arrive", lambda: len(self.server.mails("many")) == MANY * len(self.mailboxes))
        mails = glob.glob(str(self.server.home / "mail" / "many" / "new" / "*"))
        verifier = pathlib.Path(__file__).with_name("verify_dkim.py")
        verified = subprocess.run(["/usr/bin/python3", str(verifier), str(records), *mails], capture_output=True, text=True)
        expected = {"pullquote-rsa": len(mails), "pullquote-ed25519": len(mails)}
        held = json.loads(verified.stdout or "{}")
        self.tally.check(f"dkimpy verifies both signatures of {len(mails)} mails", verified.returncode == 0 and held == expected, verified)
        mail = email.message_from_bytes(pathlib.Path(mails[0]).read_bytes(), policy=email.policy.default)
        signed = mail["DKIM-Signature"].lower()
        self.tally.check("they cover List-Unsubscribe and List-Unsubscribe-Post", "list-unsubscribe:" in signed and "list-unsubscribe-post" in signed, signed)

    def mail_of(self, person):
        return email.message_from_bytes(self.server.mails(person)[-1], policy=email.policy.default)

    def state(self, address):
        listed = self.pullquote()("subscribers", "list", "weekend", "--json").stdout.splitlines()
        return [row for row in map(json.loads, listed) if address in json.dumps(row)][0]

    def leave_by_link(self):
        mail = self.mail_of("ann")
        link = str(mail["List-Unsubscribe"]).split(">")[0].strip("<")
        check = self.tally.check
        check("the mail offers one click", str(mail["List-Unsubscribe-Post"]) == "List-Unsubscribe=One-Click", mail["List-Unsubscribe-Post"])
        command = [*self.pullquote().command, "serve", "--only", "web"]
        with running(command, self.folder / "serve.out") as process:
            def ready():
                if process.poll() is not None:
                    raise RuntimeError(text_of(self.folder / "serve.out"))
                try:
                    return http(f"http://127.0.0.1:{self.web}/health")[0] == 200
                except OSError:
                    return False
            until("the site answers", ready)
            check("opening the link does nothing", http(link)[0] == 200 and "active" in json.dumps(self.state(f"ann@{DOMAIN}")))
            status, _, _ = http(link, b"List-Unsubscribe=One-Click", {"Content-Type": "application/x-www-form-urlencoded"})
            check("the one-click POST of RFC 8058 takes ann off", status == 200 and "left" in json.dumps(self.state(f"ann@{DOMAIN}")), status)

    def leave_by_mail(self):
        wish = str(self.mail_of("ben")["List-Unsubscribe"]).split("<mailto:")[1].rstrip(">")
        to, _, query = wish.partition("?")
        subject = urllib.parse.parse_qs(query)["subject"][0]
        message = f"From: somebody-else@{DOMAIN}\nTo: {to}\nSubject: {subject}\n\n"
        trusting = ssl.create_default_context(cafile=str(self.server.ca_file))
        with smtplib.SMTP("127.0.0.1", self.server.port) as smtp:
            smtp.starttls(context=trusting)
            smtp.sendmail(f"ben@{DOMAIN}", [to], message)
        arrived = lambda: [raw for raw in self.server.mails("bounces") if subject.encode() in raw]
        until("the wish arrives", arrived)
        read = self.pullquote("Maildir")("bounces", "read")
        self.tally.check("the mail of the mailto: link takes ben off, whoever sends it", "1 asked to leave" in read.stdout and "left" in json.dumps(self.state(f"ben@{DOMAIN}")), read)
