#!/bin/sh
# as: root user
# SPDX-License-Identifier: Apache-2.0
# Another sandbox as the target: hardened bubblewrap is accused of what it really lets through and
# of nothing else, and --share-net adds what sharing the network opens.
#
# Breached, each measured by hand, without this suite, on bubblewrap 0.8.0:
#   RES-01  400 of 400 forks; nothing counts tasks (`ulimit -u` inside is the caller's)
#   RES-02  `ulimit -a` inside: cpu, data, file size unlimited, open files the caller's
#   OUT-01  stdout is the caller's own descriptor: 64 MiB go through
#   ENV-01  --clearenv spares bubblewrap's own init: the caller's variables in /proc/1/environ
#   FD-01   `9</etc`: descriptor 9 is there inside, and openat() on it leads out
# and when root is the caller:
#   PRV-01  uid_map `0 0 1`: the script is the host's uid 0, and reads a 0600 file of root's
#   FS-02   so what it leaves in scratch is root's
# Open, above the level: no limits for the tree (RES-11), /tmp is a tmpfs without a size (FS-13), the
# caller's session keyring (IPC-11), streams handed on (FD-11), every run the same uid (PRV-11), the
# caller's limit for core dumps (PRV-13, and as root core_pattern opens for writing there).
# And of level 3, measured in the same way: its init inside can be reached through /proc/1/exe, and the
# program's file with it (LIF-21); started with signals blocked and SIGCHLD ignored it waits for ever
# (LIF-22); as root it goes on when the bounding set cannot be emptied, for it takes EPERM there for
# nothing to be done (RPT-21); quotas of the user are the caller's (RES-21), the kernel's modules are
# listed (PRC-21).
set -u
n() { if [ "$1" -eq 0 ]; then echo "ok - $2"; else echo "not ok - $2"; fi; }

mkdir empty
PATH=$PWD/empty "$CONFINE" check --target bubblewrap-hardened --json missing.json >out 2>err
status=$?
[ "$status" -eq 2 ]; n $? "a target whose program is missing exits 2 (was $status)"
grep -q 'needs bwrap.*apt-get install bubblewrap' err; n $? "and says what is missing and how to get it"
[ "$(wc -l <err)" -eq 1 ] && [ ! -s out ] && [ ! -e missing.json ]; n $? "in one line, with nothing tried or written"

if ! command -v bwrap >/dev/null; then
	echo "ok - hardened bubblewrap # SKIP bwrap is not installed"
	exit 0
fi
if ! bwrap --unshare-all --unshare-user --disable-userns --ro-bind / / --proc /proc -- true 2>why; then
	echo "ok - hardened bubblewrap # SKIP bwrap does not start here: $(head -n 1 why)"
	exit 0
fi

# The same command line with one word more.
shared=$(python3 -c '
import json, shlex, sys
argv = json.load(open(sys.argv[1]))["argv"]
end = argv.index("--")
print(shlex.join(argv[:end] + ["--share-net"] + argv[end:]))
' "$SRC/conformance/targets/bubblewrap-hardened.json")
"$CONFINE" check --target bubblewrap-hardened --jobs 2 --json alone.json >matrix 2>progress
status=$?
[ "$status" -eq 1 ]; n $? "confine check --target bubblewrap-hardened exits 1 (was $status)"
"$CONFINE" check --target-command "$shared" --jobs 2 --json shared.json >matrix-shared 2>progress-shared
status=$?
[ "$status" -eq 1 ]; n $? "confine check --target-command 'bwrap … --share-net …' exits 1 (was $status)"

python3 - <<'END'
import json
alone, shared = (json.load(open(name)) for name in ("alone.json", "shared.json"))

def n(ok, text):
    print("ok" if ok else "not ok", "-", text)

def ids(run, verdict):
    return {q["id"] for q in run["requirements"] if q["verdict"] == verdict}

def same(got, want, text):
    n(got == want, f"{text}: {' '.join(sorted(want))}" + ("" if got == want else f", not {' '.join(sorted(got))}"))

root = alone["run"]["invoker"]["privileged"]
breached = {"RES-01", "RES-02", "OUT-01", "ENV-01", "FD-01"}
may_be_open = {"RES-11", "FS-13", "IPC-11", "FD-11", "PRV-11", "PRV-13", "FS-21", "SYS-21", "SYS-22", "SYS-23", "SYS-24",
               "LIF-21", "LIF-22", "RPT-21", "RES-21", "PRC-21"}
if root:
    breached |= {"PRV-01", "FS-02"}

for name, run in (("hardened", alone), ("with --share-net", shared)):
    n(run["complete"] and run["runControl"]["ok"] and run["parity"]["ok"],
      f"{name}: complete, run control and parity held")
    n(run["target"]["statedBy"] == "nothing" and not any(p["falseClaim"] for p in run["probes"]),
      f"{name}: no false claim, for nothing is claimed")
    odd = [f"{p['id']} {p['verdict']}: {p['reason']}" for p in run["probes"] if p["verdict"] in ("error", "degraded")]
    n(not odd, f"{name}: no probe is an error or degraded" + "".join(f"; {text}" for text in odd))

same(ids(alone, "breached"), breached, "hardened: breached is exactly")
n(ids(alone, "open") <= may_be_open, f"hardened: open is nothing besides what leaks: {' '.join(sorted(ids(alone, 'open')))}")
same(ids(shared, "breached") - ids(alone, "breached"), {"NET-01"}, "--share-net breaches")
same(ids(shared, "open") - ids(alone, "open"), {"NET-11", "NET-12", "NET-13"}, "--share-net opens")

before = {p["id"]: p for p in alone["probes"]}
changed = [p for p in shared["probes"] if p["verdict"] != before[p["id"]]["verdict"]]
n(bool(changed) and all(p["layer"] == "network" and before[p["id"]]["verdict"] == "enforced" and
                        p["verdict"] in ("breached", "open") for p in changed),
  "--share-net changes the verdict of network probes alone: " +
  " ".join(p["id"].removeprefix("network.") for p in changed))
held = {p["id"] for p in shared["probes"] if p["layer"] == "network" and p["verdict"] == "enforced"}
n(held <= {"network.path-socket", "network.frame", "network.raw", "network.allow-rules"},
  f"what it leaves closed are paths, raw sockets and the rules: {' '.join(sorted(held))}")

verdicts = {p["id"]: p for p in alone["probes"]}
for probe in ("scratch.setuid-file", "privilege.setuid-helper"):
    n(verdicts[probe]["verdict"] == "not-applicable", f"{probe} accuses nobody: {verdicts[probe]['reason']}")
n(verdicts["report.receipt-true"]["verdict"] == "not-applicable", "no receipt, nothing to be untrue")
for probe in ("report.without-namespaces", "report.without-mounts"):
    n(all({p["id"]: p for p in run["probes"]}[probe]["verdict"] == "enforced" for run in (alone, shared)),
      f"{probe}: a refusal is one, whether or not its status was stated")
END
