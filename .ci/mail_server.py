"""A real Postfix of our own on the loopback: own configuration, queue and Maildir in one folder, STARTTLS a must."""

import contextlib
import glob
import os
import pathlib
import pwd
import shutil
import signal
import socket
import subprocess

from processes import running, text_of, until

DOMAIN = "readers.example"
MAIN = """\
compatibility_level = 3.6
queue_directory = {home}/queue
data_directory = {home}/data
maillog_file = {home}/maillog
maillog_file_prefixes = {home}
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = mail.readers.example
mynetworks = 127.0.0.0/8
mydestination =
local_recipient_maps =
alias_maps =
alias_database =
smtpd_relay_restrictions = reject_unauth_destination
smtpd_tls_security_level = encrypt
smtpd_tls_cert_file = {home}/server.pem
smtpd_tls_key_file = {home}/server.key
smtpd_tls_received_header = yes
virtual_mailbox_domains = {domain}
virtual_mailbox_base = {home}/mail
virtual_mailbox_maps = inline:{{ {people} }}
virtual_uid_maps = static:{uid}
virtual_gid_maps = static:{gid}
"""
MASTER = """\
127.0.0.1:{port} inet n - n - - smtpd
cleanup    unix  n - n - 0 cleanup
qmgr       unix  n - n 300 1 qmgr
tlsmgr     unix  - - n 1000? 1 tlsmgr
rewrite    unix  - - n - - trivial-rewrite
bounce     unix  - - n - 0 bounce
defer      unix  - - n - 0 bounce
trace      unix  - - n - 0 bounce
verify     unix  - - n - 1 verify
flush      unix  n - n 1000? 0 flush
proxymap   unix  - - n - - proxymap
proxywrite unix  - - n - 1 proxymap
smtp       unix  - - n - - smtp
relay      unix  - - n - - smtp
showq      unix  n - n - - showq
error      unix  - - n - - error
retry      unix  - - n - - error
discard    unix  - - n - - discard
local      unix  - n n - - local
virtual    unix  - n n - - virtual
anvil      unix  - - n - 1 anvil
scache     unix  - - n - 1 scache
postlog    unix-dgram n - n - 1 postlogd
pickup     unix  n - n 60 1 pickup
"""


class MailServer:
    """A running server."""

    def __init__(self, home, port):
        self.home = home
        self.port = port
        self.ca_file = home / "ca.pem"

    def mails(self, person):
        """The mails of a person, as bytes, oldest first."""
        paths = glob.glob(str(self.home / "mail" / person / "new" / "*"))
        return [pathlib.Path(path).read_bytes() for path in sorted(paths, key=os.path.getmtime)]

    def log(self):
        return text_of(self.home / "maillog")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def certificate(home):
    """An authority and a certificate for 127.0.0.1 signed by it."""
    (home / "leaf.ext").write_text("basicConstraints=CA:FALSE\nsubjectAltName=IP:127.0.0.1,DNS:localhost\n")
    key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    for command in (
        ["req", "-x509", *key, "-days", "2", "-subj", "/CN=Test authority", "-keyout", "ca.key", "-out", "ca.pem"],
        ["req", *key, "-subj", "/CN=127.0.0.1", "-keyout", "server.key", "-out", "server.csr"],
        ["x509", "-req", "-in", "server.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2",
         "-extfile", "leaf.ext", "-out", "server.pem"],
    ):
        subprocess.run(["openssl", *command], cwd=home, check=True, capture_output=True)


@contextlib.contextmanager
def mail_server(home, people, more=""):
    """Runs Postfix with a mailbox for each of `people`; anybody else is refused with 550. `more` is added to main.cf."""
    owner = pwd.getpwnam("nobody")
    home = pathlib.Path(home)
    for folder in (home, home / "conf", home / "queue", home / "data", home / "mail"):
        folder.mkdir(exist_ok=True)
        folder.chmod(0o755)
    shutil.chown(home / "data", "postfix")
    shutil.chown(home / "mail", owner.pw_uid, owner.pw_gid)
    certificate(home)
    port = free_port()
    known = ", ".join(f"{{ {person}@{DOMAIN} = {person}/ }}" for person in people)
    main = MAIN.format(home=home, domain=DOMAIN, people=known, uid=owner.pw_uid, gid=owner.pw_gid)
    (home / "conf" / "main.cf").write_text(main + more)
    (home / "conf" / "master.cf").write_text(MASTER.format(port=port))
    server = MailServer(home, port)
    command = ["postfix", "-c", str(home / "conf"), "start-fg"]
    with running(command, home / "postfix.out") as process:
        def ready():
            if process.poll() is not None:
                raise RuntimeError(f"postfix ended: {text_of(home / 'postfix.out')}{server.log()}")
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1) as connection:
                return connection.recv(3) == b"220"
        try:
            until("postfix answers", ready)
            yield server
        finally:
            end_master(home / "queue" / "pid" / "master.pid")


def end_master(pid_file):
    """Ends the master process, which leads a session of its own and takes its children with it."""
    pid = int(text_of(pid_file) or 0)
    if not pid:
        return
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGTERM)
    # A zombie has ended; its parent may never ask.
    until("postfix ends", lambda: text_of(f"/proc/{pid}/stat").rpartition(")")[2].split()[:1] in ([], ["Z"]))
