#!/bin/sh
# as: root user
# alone: the digest of the machine before and after
# Without a sandbox nothing may look enforced, and the machine must be as it was.
set -u
n() { if [ "$1" -eq 0 ]; then echo "ok - $2"; else echo "not ok - $2"; fi; }

sh "$SRC/fixtures/digest.sh" >before
"$CONFINE" check --target none --json results.json >matrix 2>progress
status=$?
[ "$status" -eq 1 ]; n $? "confine check --target none exits 1 (was $status)"
same=1
for _ in 1 2 3 4 5; do # a daemon of the machine may have started something meanwhile: look again
	sh "$SRC/fixtures/digest.sh" >after
	# Somebody else's process may come or go meanwhile; one of ours, or inside a namespace, may not.
	grep -v '^process other ' before >before.ours
	grep -v '^process other ' after >after.ours
	if diff before.ours after.ours >changes; then same=0; break; fi
done
n "$same" "processes, mounts, cgroups, namespaces, modules, sysctls, routes, /etc, /dev are as before"
[ "$same" -eq 0 ] || sed 's/^/# /' changes | head -n 20

python3 - <<'END'
import json
r = json.load(open("results.json"))
def n(ok, text): print(("ok" if ok else "not ok"), "-", text)
words = {}
for p in r["probes"]:
    words.setdefault(p["verdict"], []).append(p["id"])
n(r["complete"], "the run is complete")
n("enforced" not in words and "degraded" not in words and "open" not in words,
  "no probe is enforced, degraded or open: " + ", ".join(sum((words.get(w, []) for w in ("enforced", "degraded", "open")), [])))
n("error" not in words, "no probe is an error: " + ", ".join(words.get("error", [])))
n(len(words.get("breached", [])) >= 30, f"{len(words.get('breached', []))} probes are breached")
for p in r["probes"]:
    if p["verdict"] in ("not-applicable", "untestable"):
        n(p["reason"].strip() != "", f"{p['id']} is {p['verdict']} with a reason: {p['reason']}")
n(all(p["falseClaim"] for p in r["probes"] if p["verdict"] == "breached"), "every breach of a target that promises all is a false claim")
END
