#!/bin/sh
# as: root user
# A user's own probes: the template works as it is, faults have a place, and how many run at the
# same time changes nothing but the time.
set -u
n() { if [ "$1" -eq 0 ]; then echo "ok - $2"; else echo "not ok - $2"; fi; }

mkdir -p own/filesystem
sed 's/filesystem\.template/filesystem.mine/' "$SRC/probes/TEMPLATE.sh" >own/filesystem/mine.sh
"$CONFINE" check --probes own --only filesystem.mine --target none --json none.json >out 2>err
[ $? -eq 1 ] && grep -q '"verdict":[[:space:]]*"breached"' none.json; n $? "the template reaches without a sandbox: $(cat err)"
grep -q 'repeat  confine check --target none --probes own --only filesystem.mine' out; n $? "its line repeats it"
"$CONFINE" check --probes own --only filesystem.mine --json mine.json >out 2>err
python3 - <<'PY'
import json
r = json.load(open("mine.json"))
ok = [p["id"] for p in r["probes"]] == ["filesystem.mine"] and r["probes"][0]["verdict"] == "enforced"
print("ok" if ok else "not ok", "- and is stopped by the reference runner")
ok = "filesystem.mine" in [q for q in r["requirements"] if q["id"] == "FS-01"][0]["probes"]
print("ok" if ok else "not ok", "- it counts for its requirement")
PY
"$CONFINE" check explain --probes own filesystem.mine >told; n $? "it can be explained"
grep -q "$(pwd)/own/filesystem/mine.sh" told; n $? "its own file is shown"

# refuses WORDS: exit 2, one line with these words.
refuses() {
	"$CONFINE" check --probes own --only filesystem.mine >out 2>err
	was=$?
	[ "$was" -eq 2 ] && [ ! -s out ] && [ "$(wc -l <err)" -eq 1 ] && grep -q -F -e "$1" err
	n $? "refused with \"$1\" (exit $was: $(head -c 200 err))"
}
cp own/filesystem/mine.sh good
sed 's/^# class: C/# class: Q/' good >own/filesystem/mine.sh
refuses 'own: filesystem/mine.sh:6: unknown class'
sed 's/^# setup: canary-file/# setup: canary/' good >own/filesystem/mine.sh
refuses 'filesystem/mine.sh:8: "canary" is none of'
sed 's/filesystem\.mine/filesystem.write-outside/' good >own/filesystem/write-outside.sh
cp good own/filesystem/mine.sh
refuses 'a shipped probe has this id'
rm own/filesystem/write-outside.sh
mkdir own/networks
refuses 'own/networks: a folder of probes has the name of a layer'
rm -r own/networks own/filesystem
refuses 'no probe in it'
rm -r own
refuses '--probes own: No such file'

"$CONFINE" check --only ipc --only 'scratch.*' --only 'filesystem.visible-*' --json one.json >/dev/null 2>&1
one=$?
"$CONFINE" check --only ipc --only 'scratch.*' --only 'filesystem.visible-*' --jobs 8 --json many.json >/dev/null 2>&1
many=$?
python3 - $one $many <<'PY'
import json, sys
a, b = ([(p["id"], p["verdict"], p["seen"]) for p in json.load(open(f))["probes"]] for f in ("one.json", "many.json"))
print("ok" if a == b and sys.argv[1] == sys.argv[2] else "not ok", "- one at a time and eight at a time: the same verdicts in the same order",
      [x for x in zip(a, b) if x[0] != x[1]] or "")
p = json.load(open("one.json"))["probes"]
print("ok" if all(0 < q["seconds"] < 60 for q in p if q["seen"] != "closed-by-host") else "not ok", "- the record has the time of each probe")
PY
