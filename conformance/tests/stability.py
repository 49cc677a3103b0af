#!/usr/bin/env python3
"""stability.py CONFINE [soak] - the whole suite again and again: does a verdict ever change?

Idle, and with a process that never sleeps on every processor; then killed with SIGKILL half-way,
after which the tree must be gone by itself and one further run must leave nothing at all. Prints
`ok - …` and `not ok - …`. STABILITY_IDLE, STABILITY_BUSY and STABILITY_KILLS set the numbers.
"""

import collections
import json
import os
import signal
import subprocess
import sys
import time

CONFINE = sys.argv[1]
SOAK = sys.argv[2:] == ["soak"]


def wanted(name, soaking, sample):
    return int(os.environ.get(f"STABILITY_{name}", soaking if SOAK else sample))


def say(ok, text):
    print(f"{'ok' if ok else 'not ok'} - {text}", flush=True)


def start(record, *more):
    return subprocess.Popen(
        [CONFINE, "check", "--json", record, *more], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


def seconds_and_verdicts(record):
    with open(record, encoding="utf-8") as file:
        results = json.load(file)
    verdicts = {probe["id"]: (probe["verdict"], probe["reason"]) for probe in results["probes"]}
    again = [probe["id"] for probe in results["probes"] if probe["attempts"] > 1]
    return results["run"]["seconds"], verdicts, again


def spin():
    """A process that takes all it can get of one processor, and ends with us."""
    return subprocess.Popen([sys.executable, "-c", "import os\nparent = os.getppid()\n"
                             "while os.getppid() == parent:\n\tfor _ in range(100000): pass"])


def compare(name, runs, first):
    """Runs them; returns the verdicts of the first ever, against which all are held."""
    changed, again, times = [], collections.Counter(), []
    for turn in range(runs):
        status = start("again.json").wait()
        seconds, verdicts, twice = seconds_and_verdicts("again.json")
        first = first or (status, verdicts)
        times.append(seconds)
        again.update(twice)
        changed += [f"run {turn + 1}: {probe} {first[1][probe][0]} became {word}: {reason}"
                    for probe, (word, reason) in verdicts.items() if word != first[1].get(probe, ("",))[0]]
        if status != first[0] or verdicts.keys() != first[1].keys():
            changed.append(f"run {turn + 1}: exit {status}, {len(verdicts)} probes")
    for line in changed:
        print(f"# {line}")
    times.sort()
    say(not changed, f"{runs} runs {name}: {len(changed)} verdicts changed, {len(first[1])} probes each, "
        f"{sum(again.values())} tried twice {dict(again) or ''}; "
        f"{times[len(times) // 2]:.1f} s median, {times[-1]:.1f} s worst")
    return first


def below(root):
    """Every process that root, which is among them, has started and that is still its tree's."""
    parents = {}
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{name}/stat", encoding="latin-1") as file:
                parents[int(name)] = int(file.read().rpartition(")")[2].split()[1])
        except (OSError, ValueError, IndexError):
            continue
    found = {root}
    while more := {pid for pid, parent in parents.items() if parent in found} - found:
        found |= more
    return found


def is_alive(pid):
    try:
        with open(f"/proc/{pid}/stat", encoding="latin-1") as file:
            return file.read().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


def left(pids):
    """Cgroups and directories in whose names one of the pids stands, and all that is mounted for us."""
    names = [f"confine-check.{pid}." for pid in pids] + [f"confine.{pid}." for pid in pids]
    found = []
    for home in ("/sys/fs/cgroup", "/tmp", "/var/tmp", "/run", "/dev/shm"):
        for folder, folders, files in os.walk(home):
            found += [f"{folder}/{name}" for name in folders + files if any(name.startswith(one) for one in names)]
            if home != "/sys/fs/cgroup":
                break
    with open("/proc/self/mountinfo", encoding="utf-8") as file:
        found += [line.split()[4] for line in file if "/confine-check." in line]
    return found


def kill_half_way(turn):
    process = start("killed.json")
    seen, begin = set(), time.monotonic()
    after = 1.5 + 0.7 * turn
    while time.monotonic() - begin < after and process.poll() is None:
        seen |= below(process.pid)
        time.sleep(0.02)
    seen |= below(process.pid)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    deadline = time.monotonic() + 10
    while (alive := [pid for pid in seen if is_alive(pid)]) and time.monotonic() < deadline:
        time.sleep(0.02)
    say(not alive, f"killed after {after:.1f} s: of {len(seen)} processes {len(alive)} are left {alive or ''}")
    return seen


def main():
    first = compare("idle", wanted("IDLE", 100, 1), None)
    # In CI once is enough, and root's has more to show.
    busy = wanted("BUSY", 20, 1 if os.geteuid() == 0 else 0)
    if not busy:
        print("ok - with every processor busy # SKIP root does it in CI, and make soak for both")
    hogs = [spin() for _ in os.sched_getaffinity(0)] if busy else []
    if busy:
        compare("with every processor busy", busy, first)
    for hog in hogs:
        hog.kill()
        hog.wait()
    kills = wanted("KILLS", 10, 1)
    seen = set().union(*(kill_half_way(turn) for turn in range(kills)))
    start("after.json", "--only", "RPT-01").wait()
    remains = left(seen)
    say(not remains, f"after {kills} killed runs and one more nothing is left {remains or ''}")


if __name__ == "__main__":
    main()
