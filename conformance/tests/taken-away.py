# SPDX-License-Identifier: Apache-2.0
"""A host without namespaces (by quota, by filter) and one without cgroups. See taken-away.test.sh."""
import glob
import json
import os
import re
import subprocess

CONFINE = os.environ["CONFINE"]
TAKE_AWAY = os.path.join(os.environ["TESTTMP"], "take-away")
TARGET = os.path.join(os.environ["SRC"], "conformance", "targets", "confine.json")
ROOT = os.geteuid() == 0
# One whole suite without each layer takes a minute and more; of those that differ in little between root and
# others, CI runs one for each of them, and `make soak` all.
SOAK = bool(os.environ.get("CONFINE_SOAK"))

# What namespaces alone can give. An unprivileged caller owes them its bounding set and, without a
# cgroup, the count of its tasks as well; and its script, in sight of processes of the same uid,
# kills its launcher. Sockets are then refused by a filter, which is enough where no such process can
# be taken over; of the files, Landlock keeps what is in them.
LAYERS = {"lifecycle", "ipc", "filesystem", "scratch"}
LOST = set("FS-01 FS-02 FS-11 FS-12 FS-13 FS-21 NET-11 LIF-01 LIF-11 PRC-11 IPC-11 DEV-21 LIF-21 LIF-23 RPT-22".split())
USER_LAYERS = {"privilege"}
USER_LOST = {"PRV-01", "RPT-03"}
# Without a domain, where the kernel has no Landlock: secrets can be read, and the script reads the
# environment of processes of the same uid, opens their descriptors and takes them over.
NO_DOMAIN_LOST = {"FS-03"}
NO_DOMAIN_USER_LAYERS = {"environment", "network"}
NO_DOMAIN_USER_LOST = {"ENV-01", "FD-01", "FD-11", "OUT-01", "NET-01", "NET-13"}


def line(ok, text, wrong=""):
    print(("ok" if ok else "not ok") + " - " + text + (f": {wrong}" if wrong and not ok else ""), flush=True)


def quotas():
    return {path: open(path).read() for path in glob.glob("/proc/sys/user/max_*_namespaces")}


def run(what, policy, name):
    """A run without the layer: status, output, standard error and receipt."""
    receipt = f"receipt-{name}.json"
    command = [TAKE_AWAY, what] if what else []
    command += [CONFINE, "run", "--set", f'/onUnavailable="{policy}"', "--report", receipt, "-c", "echo ran"]
    done = subprocess.run(command, capture_output=True, text=True)
    return done.returncode, done.stdout, done.stderr, json.load(open(receipt))


def degraded(promises):
    return {id for id, word in promises.items() if word == "degraded"}


def check(command, name):
    path = f"results-{name}.json"
    done = subprocess.run(command + ["--json", path], capture_output=True, text=True)
    if not os.path.exists(path):
        line(False, f"{name}: confine check wrote a record", done.stderr[-400:])
        return done.returncode, None
    return done.returncode, json.load(open(path))


def check_wrapped(what, name, options=()):
    """The suite as it is, against the runner that is started without the layer."""
    target = json.load(open(TARGET))
    target["name"] = "without-" + what
    target["argv"] = [TAKE_AWAY, what] + target["argv"]
    path = f"./target-{name}.json"
    with open(path, "w") as out:
        json.dump(target, out)
    return check([CONFINE, "check", "--target", path, *options], name)


# Their probes ask for what the default policy does not: entries to allow, which need an uplink,
# treeCpuSeconds, and paths to hide. The receipts that are compared here say nothing of these.
OTHER_POLICY = {"NET-12", "RES-11", "FS-03", "NET-13"}
OF_OTHER_POLICY = re.compile(r"filesystem\.hidden-|network\.(allow|blocked)-|resources\.cpu-tree")
# Promised by nobody, and open on every host, whatever is taken away.
OPEN = {"PRC-21", "RES-21"}
# Of how the launcher itself starts, and what its program is: with a wrapper in front these would be
# about the wrapper.
OF_THE_LAUNCHER = {"LIF-21", "LIF-22", "ENV-21", "RPT-21"}
NOT_COMPARED = OTHER_POLICY | OF_THE_LAUNCHER


def compare(results, lost, name):
    """Exactly `lost` is degraded, the rest is as good as it ever was."""
    rows = {q["id"]: q for q in results["requirements"] if q["verdict"] and q["id"] not in NOT_COMPARED}
    seen = {id for id, q in rows.items() if q["verdict"] == "degraded"}
    lost = {id for id in lost & set(rows) if rows[id]["verdict"] != "not-applicable"}
    line(seen == lost, f"{name}: exactly what was lost is degraded", f"too many {seen - lost}, missing {lost - seen}")
    # In a requirement of which nothing can be tried here, nothing can be seen to be lost.
    bad = {id: (q["verdict"], q["reason"]) for id, q in rows.items()
           if q["verdict"] not in ("degraded", "enforced", "not-applicable") and
           not (id in OPEN and q["verdict"] == "open")}
    line(not bad, f"{name}: nothing is breached, open, untestable or an error", bad)
    worse = {p["id"]: p["verdict"] for p in results["probes"] if p["requirement"] in {"FS-03", "NET-13"} - lost
             and not OF_OTHER_POLICY.match(p["id"]) and p["verdict"] not in ("enforced", "not-applicable")}
    line(not worse, f"{name}: secrets and metadata are out of reach where that was not lost", worse)
    undeclared = {id for id in seen if rows[id]["promised"] != "degraded"}
    line(not undeclared, f"{name}: and every loss was declared", undeclared)
    line(all(rows[id]["reason"].strip() for id in seen), f"{name}: with a reason each")
    line(rows["RPT-02"]["verdict"] == "enforced", f"{name}: RPT-02 held", rows["RPT-02"]["reason"])
    line(rows["RPT-01"]["verdict"] == "enforced", f"{name}: the receipt is true", rows["RPT-01"]["reason"])


def without_namespaces(what, whole, options):
    counted = any(q["name"] == "maxProcesses" and "cgroup" in q["mechanism"] for q in whole["limits"])
    layers = LAYERS | (set() if ROOT else USER_LAYERS | (set() if counted else {"resources"}))
    lost = LOST | (set() if ROOT else USER_LOST | (set() if counted else {"RES-01"}))
    if "landlock" not in whole["evidence"]:
        layers |= set() if ROOT else NO_DOMAIN_USER_LAYERS
        lost |= NO_DOMAIN_LOST | (set() if ROOT else NO_DOMAIN_USER_LOST)
    before = degraded(whole["promises"])

    status, out, err, receipt = run(what, "fail", what + "-fail")
    line((status, out) == (125, ""), f"{what}: fail refuses with 125 and runs nothing", (status, out, err))
    line(receipt["outcome"] == "refused" and not receipt["promises"], f"{what}: the receipt says so, and promises nothing")
    named = {row["layer"] for row in receipt["downgrades"]}
    line(named == layers, f"{what}: the receipt names every missing layer", f"{named} for {layers}")
    line(all(f"{layer}: " in err for layer in layers), f"{what}: and so does standard error", err)
    line(err.count("\n") == 1, f"{what}: in one line")

    status, out, err, receipt = run(what, "degrade", what + "-degrade")
    line((status, out) == (0, "ran\n"), f"{what}: degrade runs", (status, out, err))
    named = {row["layer"] for row in receipt["downgrades"]}
    line(named == layers and all(row["reason"] for row in receipt["downgrades"]),
         f"{what}: and names the same layers, with reasons", named)
    claimed = {layer for layer, held in receipt["enforced"].items() if held}
    line(claimed == {layer for layer, held in whole["enforced"].items() if held} - layers,
         f"{what}: it claims every other layer and none of these", claimed)
    line(degraded(receipt["promises"]) == before | lost, f"{what}: what is lost is promised as degraded, and only that",
         degraded(receipt["promises"]) ^ (before | lost))

    if not SOAK and what != ("filter" if ROOT else "quota"):
        print(f"ok - {what}: the suite without it # SKIP in CI {'another caller does' if ROOT else 'root does'} this one, and make soak both")
        return
    status, results = check_wrapped(what, what, options)
    line(status == 3, f"{what}: confine check exits 3", status)
    if results:
        compare(results, before | lost, what)
    inside(what)


def inside(what):
    """The suite itself without the layer: no shield, so nothing is tried, and nothing is green."""
    status, results = check([TAKE_AWAY, what, CONFINE, "check"], what + "-inside")
    line(status == 4, f"{what}: the suite without a shield exits 4", status)
    if not results:
        return
    words = {p["verdict"] for p in results["probes"]}
    line(results["complete"] and words <= {"untestable", "not-applicable"}, f"{what}: it tried nothing", words)
    vague = {p["reason"] for p in results["probes"]
             if p["verdict"] == "untestable" and not re.search("cannot make a (user|network) namespace", p["reason"])}
    line(not vague, f"{what}: and says why", vague)
    line(results["coverage"]["tested"] == 0 and results["level"]["reached"] == 0, f"{what}: no coverage, no level")


def without_cgroups(whole):
    lost = degraded(whole["promises"]) | {"RES-11"}
    status, out, err, receipt = run("cgroups", "fail", "cgroups")
    line((status, out, receipt["downgrades"]) == (0, "ran\n", []), "cgroups: fail runs, for a narrower scope is no loss of a layer",
         (status, out, err))
    line(any(n["layer"] == "resources" and "memoryBytes" in n["note"] for n in receipt["notes"]), "cgroups: it is a note")
    scopes = {q["name"]: q["scope"] for q in receipt["limits"]}
    line(scopes["memoryBytes"] == "partial", "cgroups: and the limit says how far it reaches", scopes)
    line(degraded(receipt["promises"]) == lost, "cgroups: only RES-11 is lost", degraded(receipt["promises"]) ^ lost)
    status, results = check_wrapped("cgroups", "cgroups")
    line(status == 0, "cgroups: confine check exits 0, level 1 needs none", status)
    if results:
        compare(results, lost, "cgroups")
    # The suite itself without cgroups: root's shield has no other bound for an act without one of its own.
    status, results = check([TAKE_AWAY, "cgroups", CONFINE, "check", "--only", "resources.fork-bomb-shell"], "bomb")
    if results:
        bomb = results["probes"][0]
        line(bomb["verdict"] == ("untestable" if ROOT else "enforced"),
             "cgroups: an unbounded act is tried only inside limits", (bomb["verdict"], bomb["reason"]))


def main():
    quotas_before = quotas()
    status, out, err, whole = run(None, "fail", "whole")
    if (status, out) != (0, "ran\n"):
        print(f"ok - a layer taken away # SKIP this host has not all of them to begin with: {err.strip()[:200]}")
        return
    with open("degrade.json", "w") as policy:
        json.dump({"onUnavailable": "degrade"}, policy)
    # Once as refused and tried again, once by a policy that allows the loss.
    without_namespaces("filter", whole, [])
    without_namespaces("quota", whole, ["--policy", "degrade.json"])
    without_cgroups(whole)
    line(quotas() == quotas_before, "the machine's own quotas are as they were")


main()
