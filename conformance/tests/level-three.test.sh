#!/bin/sh
# as: root user
# SPDX-License-Identifier: Apache-2.0
# Acts around the launcher: faults at calls of its set-up, odd starts, its program, its receipt, what is
# left for it to remove. The reference runner stops them; without a sandbox they work, or there is
# nothing that they could be tried on, and that is said; and bubblewrap is accused of the three that
# were found by hand, and of no other.
set -u
n() { if [ "$1" -eq 0 ]; then echo "ok - $2"; else echo "not ok - $2"; fi; }

check() { # NAME OPTION...
	name=$1
	shift
	"$CONFINE" check "$@" --only 'report.fault-*' --only 'report.receipt-*' --only 'lifecycle.start-*' \
		--only 'lifecycle.left-*' --only 'lifecycle.launcher-path' --only 'lifecycle.launcher-handle' \
		--json "$name.json" >"$name.out" 2>"$name.err"
	[ -s "$name.json" ]
	n $? "$name: a record"
}
check confine
check none --target none
bubblewrap=no
if command -v bwrap >/dev/null && bwrap --unshare-all --unshare-user --disable-userns --ro-bind / / --proc /proc -- true 2>why; then
	bubblewrap=yes
	check bubblewrap --target bubblewrap-hardened
else
	echo "ok - bubblewrap # SKIP bwrap does not start here"
fi
BUBBLEWRAP=$bubblewrap python3 - <<'END'
import json, os
ROOT = os.geteuid() == 0
def verdicts(name):
    return {p["id"]: p for p in json.load(open(name + ".json"))["probes"]}
def n(ok, text):
    print("ok" if ok else "not ok", "-", text)
def odd(rows, *allowed):
    return "; ".join(f"{i} {p['verdict']}: {p['reason']}" for i, p in rows.items() if p["verdict"] not in allowed)

rows = verdicts("confine")
root_only = {} if ROOT else {"report.fault-identity"}
wrong = odd({i: p for i, p in rows.items() if i not in root_only}, "enforced")
n(len(rows) >= 25 and not wrong, f"the reference runner stops all {len(rows)} {wrong}")

rows = verdicts("none")
wrong = odd(rows, "breached", "not-applicable")
n(not wrong, f"without a sandbox nothing is stopped {wrong}")
n(all(p["reason"] for p in rows.values()), "and what cannot be tried there says why")
reached = {i.split("-")[0] for i, p in rows.items() if p["verdict"] == "breached"}
n(reached >= {"report.fault", "lifecycle.start", "lifecycle.left", "lifecycle.launcher"}, f"each kind reaches: {sorted(reached)}")

if os.environ["BUBBLEWRAP"] == "yes":
    rows = verdicts("bubblewrap")
    leaked = {i for i, p in rows.items() if p["verdict"] in ("open", "breached")}
    known = {"lifecycle.launcher-handle", "lifecycle.start-deaf"} | ({"report.fault-capabilities"} if ROOT else set())
    n(leaked <= known, f"bubblewrap is accused of {sorted(leaked)} and of no more than {sorted(known)}")
    wrong = odd(rows, "open", "enforced", "not-applicable")
    n(not wrong, f"and nothing is unclear {wrong}")
END
