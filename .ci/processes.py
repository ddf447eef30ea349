"""Processes that are started here and are ended by their own id, whatever happens."""

import contextlib
import os
import signal
import subprocess
import time
import urllib.error
import urllib.request


@contextlib.contextmanager
def running(command, log, **options):
    """Runs a command with its output in the file `log`; ends it, and its group, at the end."""
    with open(log, "wb") as out:
        process = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT, start_new_session=True, **options)
    try:
        yield process
    finally:
        end(process)


def end(process):
    """Asks a process to end, and after ten seconds makes it; gives its exit code."""
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            pass
    # What it left behind in the session that was made for it.
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    return process.wait(10)


def until(what, probe, seconds=30):
    """Asks `probe` until it gives something true, and returns that."""
    deadline = time.monotonic() + seconds
    while True:
        found = probe()
        if found:
            return found
        if time.monotonic() > deadline:
            raise TimeoutError(f"{what}: not within {seconds} s")
        time.sleep(0.1)


def text_of(path):
    """A file's text, empty where there is none yet."""
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read()
    except FileNotFoundError:
        return ""


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


def http(url, data=None, headers=None):
    """Status, headers and text of an answer; redirects are not followed and no proxy is asked."""
    opener = urllib.request.build_opener(_Stay, urllib.request.ProxyHandler({}))
    request = urllib.request.Request(url, data=data, headers=headers or {})
    try:
        with opener.open(request, timeout=30) as answer:
            return answer.status, answer.headers, answer.read().decode("utf-8", "replace")
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read().decode("utf-8", "replace")
