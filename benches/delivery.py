#!/usr/bin/env python3
"""Measures delivery side by side on this machine, in one go, and prints a table.

    python3 benches/delivery.py                        # SQLite; PostgreSQL too where PULLQUOTE_TEST_POSTGRES names a server
    python3 benches/delivery.py --messages 20000 --connections 1,8,32 --rounds 3
    python3 benches/delivery.py --million              # one issue for a million, its books and its memory

Needs Debian's package postfix for smtp-source and smtp-sink. Everything stays on loopback. Rounds are interleaved and
the best of each is taken, so that what else the machine does strikes all alike. See docs/benchmarks.md.
"""

import argparse
import json
import os
import pathlib
import resource
import shutil
import socket
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
PROGRAM = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "release/examples/measure_delivery"
SERVER = os.environ.get("PULLQUOTE_TEST_POSTGRES", "")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def tool(name):
    found = shutil.which(name, path=os.environ["PATH"] + ":/usr/sbin")
    if not found:
        sys.exit(f"{name} is missing: apt-get install postfix")
    return found


class Sink:
    """A mail server that takes everything: Postfix's own, or ours."""

    def __init__(self, kind):
        self.kind, self.port = kind, free_port()
        if kind == "smtp-sink":
            # Not root's business: smtp-sink refuses to run as root without another user's name.
            user = ["-u", "nobody"] if os.geteuid() == 0 else []
            command = [tool("smtp-sink"), *user, f"127.0.0.1:{self.port}", "1000"]
        else:
            command = [PROGRAM, "sink", str(self.port)]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(200):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.02)
        sys.exit(f"{kind} does not start")

    def cpu(self):
        fields = open(f"/proc/{self.process.pid}/stat").read().rsplit(") ", 1)[1].split(" ")
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def stop(self):
        self.process.terminate()
        self.process.wait()


def postgres(sql):
    subprocess.run(["psql", SERVER, "-qc", "set client_min_messages = error", "-c", sql], check=True, stdout=subprocess.DEVNULL)


class House:
    """A house with an issue frozen for so many."""

    def __init__(self, engine, recipients):
        self.folder, self.engine = tempfile.mkdtemp(prefix="pullquote-bench-"), engine
        if engine == "sqlite":
            self.store = f"sqlite:{self.folder}/data/pullquote.db"
        else:
            self.schema = "bench_" + pathlib.Path(self.folder).name.replace("-", "_").lower()
            postgres(f"create schema {self.schema}")
            mark = "&" if "?" in SERVER else "?"
            self.store = f"{SERVER}{mark}options[search_path]={self.schema}"
        frozen = run([PROGRAM, "freeze", self.folder, self.store, str(recipients)])
        self.octets = json.loads(frozen)["octets"]

    def drain(self, sink, connections, workers=1):
        """Delivers it by so many processes; the slowest ends it."""
        command = [PROGRAM, "drain", self.folder, self.store, f"smtp://127.0.0.1:{sink.port}", str(connections)]
        started = time.monotonic()
        running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(workers)]
        reports = [json.loads(process.communicate()[0]) for process in running]
        if any(process.returncode for process in running):
            sys.exit("a drain failed")
        if workers == 1:
            return reports[0]
        seconds = max(report["seconds"] for report in reports)
        total = sum(report["user_s"] + report["system_s"] for report in reports)
        return {"seconds": seconds, "started": started, "cpu_s": total, "peak_mb": max(r["peak_mb"] for r in reports)}

    def remove(self):
        shutil.rmtree(self.folder)
        if self.engine == "postgres":
            postgres(f"drop schema {self.schema} cascade")


def run(command):
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.strip()


def measured_octets():
    """How long the message of such an issue is: what all the others send is made as long."""
    house = House("sqlite", 1)
    house.remove()
    return house.octets


def smtp_source(sink, connections, messages, octets):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = time.monotonic()
    run([tool("smtp-source"), "-d", "-s", str(connections), "-m", str(messages), "-l", str(octets),
         "-f", "digest@example.org", "-t", "reader@example.org", f"127.0.0.1:{sink.port}"])
    seconds = time.monotonic() - started
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {"per_second": messages / seconds, "cpu_us_each": cpu * 1e6 / messages}


def side_by_side(args):
    engines = ["sqlite"] + (["postgres"] if SERVER else [])
    octets = measured_octets()
    print(f"{args.messages} messages of {octets} octets; messages a second (processor microseconds of the client each), "
          f"best of {args.rounds}")
    for kind in ["smtp-sink", "own sink"]:
        for connections in args.connections:
            best = {}
            for _ in range(args.rounds):
                sink = Sink(kind)
                results = {"smtp-source": smtp_source(sink, connections, args.messages, octets)}
                few = max(connections * 20, 40)
                lettre = [PROGRAM, "lettre", str(sink.port), str(connections), str(few), str(octets)]
                results["lettre"] = json.loads(run(lettre))
                for engine in engines:
                    house = House(engine, args.messages)
                    results[f"pullquote {engine}"] = house.drain(sink, connections)
                    house.remove()
                sink.stop()
                for name, result in results.items():
                    if result["per_second"] > best.get(name, {"per_second": 0})["per_second"]:
                        best[name] = result
            limit = best["smtp-source"]["per_second"]
            for name, result in best.items():
                print(f"{kind:10} {connections:3} connections  {name:20} {result['per_second']:8.0f}/s "
                      f"({result['cpu_us_each']:6.1f} us)  {result['per_second'] / limit:5.2f} of smtp-source"
                      + (f"  peak {result['peak_mb']:.1f} MB" if "peak_mb" in result else ""), flush=True)


def two_workers(args):
    if not SERVER:
        print("skipped: PULLQUOTE_TEST_POSTGRES names no server for two workers")
        return
    for workers in (1, 2, 1, 2):
        sink, house = Sink("own sink"), House("postgres", args.messages)
        result = house.drain(sink, 8, workers)
        print(f"PostgreSQL, {workers} workers of 8 connections: {args.messages / result['seconds']:.0f}/s", flush=True)
        house.remove()
        sink.stop()


def cost_by_size(args, sizes):
    for recipients in sizes:
        sink, house = Sink("own sink"), House("sqlite", recipients)
        result = house.drain(sink, 8)
        print(f"{recipients:8} recipients: {result['per_second']:.0f}/s, {result['cpu_us_each']:.1f} us of processor each, "
              f"peak {result['peak_mb']:.1f} MB; {house.octets} octets", flush=True)
        house.remove()
        sink.stop()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--messages", type=int, default=20000)
    parser.add_argument("--connections", type=lambda text: [int(n) for n in text.split(",")], default=[1, 8, 32])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--million", action="store_true", help="only: cost for a thousand, a hundred thousand, a million")
    parser.add_argument("--workers", action="store_true", help="only: one and two workers on PostgreSQL")
    parser.add_argument("--program", type=pathlib.Path, help="measure this build of examples/measure_delivery instead of building one")
    args = parser.parse_args()
    if args.program:
        global PROGRAM
        PROGRAM = args.program.resolve()
    else:
        subprocess.run(["cargo", "build", "--release", "--example", "measure_delivery"], cwd=ROOT, check=True)
    if args.million:
        cost_by_size(args, [1000, 100_000, 1_000_000])
    elif args.workers:
        two_workers(args)
    else:
        side_by_side(args)
        two_workers(args)


if __name__ == "__main__":
    main()
