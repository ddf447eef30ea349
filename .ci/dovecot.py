"""A real Dovecot of our own on the loopback: IMAP and POP3 over the mailboxes of a Postfix beside it, and its logins."""

import contextlib
import socket

from mail_server import free_port
from processes import running, text_of, until

PASSWORD = "open-sesame"
CONFIG = """\
base_dir = {home}/run
state_dir = {home}/state
log_path = {home}/log
protocols = imap pop3
listen = 127.0.0.1
ssl = required
ssl_cert = <{certificate}.pem
ssl_key = <{certificate}.key
disable_plaintext_auth = yes
auth_mechanisms = plain login
mail_location = maildir:{mail}/%n
mail_uid = nobody
mail_gid = nogroup
first_valid_uid = 1
first_valid_gid = 1
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid=nobody gid=nogroup home={mail}/%n
}}
service imap-login {{
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = {imaps}
  }}
}}
service pop3-login {{
  inet_listener pop3 {{
    port = {pop3}
  }}
  inet_listener pop3s {{
    port = {pop3s}
  }}
}}
service auth {{
  unix_listener {socket} {{
    mode = 0666
  }}
}}
"""


class Ports:
    """Where it listens."""

    def __init__(self):
        self.imap, self.imaps, self.pop3, self.pop3s = (free_port() for _ in range(4))


@contextlib.contextmanager
def dovecot(home, postfix):
    """Runs Dovecot over the mailboxes of `postfix`, which asks it about logins; everybody's password is PASSWORD."""
    home.mkdir()
    ports = Ports()
    config = home / "dovecot.conf"
    config.write_text(CONFIG.format(
        home=home, mail=postfix / "mail", certificate=postfix / "server", password=PASSWORD,
        socket=postfix / "queue" / "private" / "auth", **vars(ports)))
    with running(["dovecot", "-F", "-c", str(config)], home / "out") as process:
        def ready():
            if process.poll() is not None:
                raise RuntimeError(f"dovecot ended: {text_of(home / 'out')}{text_of(home / 'log')}")
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", ports.imap), 1) as connection:
                return connection.recv(4) == b"* OK"
        until("dovecot answers", ready)
        yield ports
