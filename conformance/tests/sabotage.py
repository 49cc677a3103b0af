# SPDX-License-Identifier: Apache-2.0
"""One mutant of the runner for each step of its plan, each against the suite. See sabotage.test.sh."""
import glob
import json
import os
import random
import re
import subprocess

CONFINE = os.environ["CONFINE"]
MUTANT = os.path.join(os.environ["SABOTAGE"], "bin", "confine")
TARGET = os.path.join(os.environ["SRC"], "conformance", "targets", "confine.json")
SWEEP = os.environ.get("CONFINE_SOAK", "") != ""
SAMPLE = 1
# Steps that are one of two walls: with one gone the other still stops the act, so that no probe can
# tell. They are taken down together, and the ids of both may be accused.
PAIRS = {
    "cgroup.pids": ["rlimit.tasks"],
    "cgroup.enter": ["rlimit.tasks"],
    "rlimit.tasks": ["cgroup.pids"],
    "userns.none-below": ["syscalls.filter"],
    "mount.recursive": ["landlock.wall"],
    "namespace.network": ["network.filter", "landlock.wall"],
    "ipc.keyring": ["syscalls.filter"],
}
if os.getuid() != 0:  # no signal leaves the domain; without a pid namespace it is another step
    PAIRS["namespace.pid"] = ["landlock.wall", "landlock.alone"]
# Skipped alone these change nothing that a script can do while what is named is in place. Their
# read-back is what guards them: see the line before each.
SHADOWED = {
    "lifecycle.kill-tree": "the end of init takes the pid namespace down",
    "mount.nosuid": "no_new_privs, and an id map in which root does not exist",
    "mount.nodev": "device requirements (DEV-21) are not probed yet",
    "scratch.inert": "no_new_privs and no CAP_MKNOD on the host side",
    "privilege.groups": "this caller has no supplementary groups to lose",
    "privilege.capabilities": "exec by an identity that is not root gives them up, execve(2)",
    "lifecycle.lifeline": "the end of file on init's control socket",
    "environment.init": "the supervisor wipes its own environment before it forks",
    "privilege.session": "no terminal is in view, and stdin is not the caller's",
    "filesystem.hide": "the modes of what is hidden, from a caller without groups",
}
if os.getuid() == 0:
    SHADOWED["namespace.pid"] = "an init that ends the tree by itself, and a neighbour of another uid"
# What the shipped default has no number for.
TREE = ["--set", "/resources/treeCpuSeconds=60", "--set", '/onUnavailable="degrade"']
# One false claim makes the receipt untrue as a whole: CONFORMANCE.md, RPT-01.
ALWAYS = ["RPT-01"]


def line(ok, text):
    print(("ok" if ok else "not ok") + " - " + text, flush=True)


def skip(text, reason):
    print(f"ok - {text} # SKIP {reason}", flush=True)


def steps():
    """Rows of `run --sabotage list`: step, its requirement ids."""
    text = subprocess.run([MUTANT, "run", *TREE, "--sabotage", "list"], capture_output=True, text=True).stdout
    rows = []
    for row in text.splitlines():
        cells = row.split("\t")
        if ":" in cells[0]:
            continue
        rows.append((cells[0], cells[1].split(",")))
    return rows


def planned():
    """Names of the steps that the plan of this caller on this host really has."""
    text = subprocess.run([MUTANT, "run", "--explain", *TREE, "--", "/bin/true"], capture_output=True, text=True).stdout
    return text


def resting():
    """Requirement ids that each probe says it rests on (`rests-on:` of its head)."""
    rests = {}
    for path in glob.glob(os.path.join(os.environ["SRC"], "probes", "*", "*.sh")):
        head = open(path).read().split("\n. ")[0]
        probe = re.search(r"^# id: (\S+)", head, re.M)
        if probe:
            rests[probe.group(1)] = re.findall(r"[A-Z]+-\d+", " ".join(re.findall(r"^# rests-on: (.*)", head, re.M)))
    return rests


def target_file(step):
    target = json.load(open(TARGET))
    at = target["argv"].index("run")
    lies = [word for name in [step] + PAIRS.get(step, []) for word in ("--sabotage", name)]
    target["argv"] = [MUTANT, "run"] + lies + target["argv"][at + 1:]
    target["name"] = "sabotaged"
    path = f"target-{step}.json"
    with open(path, "w") as out:
        json.dump(target, out)
    return path


def refused_with_readback(step):
    """Exit status of a run that skips the step and still looks: something must be there to be seen."""
    command = [MUTANT, "run", "--sabotage-keep-readback", step, "--env", "LD_AUDIT=/nonexistent/audit.so"]
    if step == "mount.recursive":
        if os.getuid() != 0:
            return None
        os.makedirs("shown/sub", exist_ok=True)
        shown = json.dumps([os.path.abspath("shown")])
        command = ["unshare", "--mount", "sh", "-c", 'mount -t tmpfs none shown/sub && exec "$@"', "sh"] + \
            command + ["--set", "/filesystem/readOnly=" + shown]
    if step == "cgroup.cpu":
        command += TREE[:2]
    if step == "privilege.groups":
        command = ["setpriv", "--groups=4,24"] + command
    leak = 9  # above what the runner opens for itself before it looks
    os.dup2(os.open("/", os.O_RDONLY), leak)
    return subprocess.run(command + ["--", "/bin/true"], capture_output=True, pass_fds=[leak]).returncode


def check(step, only):
    path = f"results-{step}.json"
    command = [CONFINE, "check", "--jobs", "2", "--target", "./" + target_file(step), "--json", path]
    for requirement in only:
        command += ["--only", requirement]
    status = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=open("stderr", "w")).returncode
    try:
        return status, json.load(open(path))
    except (OSError, ValueError):
        return status, None


def judge(step, ids, rests, only):
    status, results = check(step, only)
    what = f"{step} skipped but claimed ({' '.join(ids)}, {'its own probes' if only else 'whole suite'})"
    if results is None:
        line(False, f"{what}: no results, exit {status}: {open('stderr').read().strip()[:200]}")
        return
    lies = [q["id"] for q in results["requirements"] if q["verdict"] == "breached" and q["falseClaim"]]
    killers = [p["id"] for p in results["probes"] if p["verdict"] == "breached"]
    mine = [i for i in lies if i in ids]
    others = [i for i in lies if i not in ids + ALWAYS and not all(
        set(rests.get(p["id"], [])) & set(ids)
        for p in results["probes"] if p["requirement"] == i and p["verdict"] == "breached")]
    line(status == 1 and bool(mine), f"{what}: exit {status}, false claim {lies or 'none'} by {killers[:4]}")
    line(not others, f"{what}: nobody else is accused {others or ''}")


def main():
    rows = steps()
    ids_of = dict(rows)
    rests = resting()
    line(len(rows) >= 20, f"{len(rows)} steps can be sabotaged")
    plan = planned()
    rng = random.Random(int(os.environ.get("CONFINE_SEED", "1")))
    here = [row for row in rows if re.search(rf"\b{re.escape(row[0])}\b", plan)]
    visible = [step for step, ids in here if step not in SHADOWED]
    sample = set(rng.sample(visible, min(SAMPLE, len(visible))))
    for step, ids in rows:
        if (step, ids) not in here:
            skip(f"{step} skipped but claimed", "this caller's plan on this host has no such step")
            continue
        status = refused_with_readback(step)
        if status is None:
            skip(f"{step} skipped with its read-back intact", "needs a mount of root's to look at")
        else:
            line(status == 125, f"{step} skipped with its read-back intact is refused (exit {status})")
        if step in SHADOWED:
            skip(f"{step} skipped but claimed", f"also stopped by another wall: {SHADOWED[step]}")
            continue
        accused = sorted({i for name in [step] + PAIRS.get(step, []) for i in ids_of.get(name, [])})
        judge(step, accused, rests, [] if SWEEP or step in sample else accused)
    killed = len(visible)
    line(killed >= 16, f"{killed} steps are told by the suite alone")


main()
