#!/bin/sh
# as: root user
# What a level rests on is recorded, and compared in milliseconds without a probe being run.
set -u
n() { if [ "$1" -eq 0 ]; then echo "ok - $2"; else echo "not ok - $2"; fi; }

printf '{"onUnavailable":"degrade"}' >policy.json
"$CONFINE" check --only ipc --policy policy.json --challenge 'nonce-of-a.collector_1' --json results.json >matrix 2>err
python3 - "$SRC/conformance/schema/results.schema.json" "$BUILD/share/confine/CONFORMANCE.md" <<'PY'
import hashlib, json, os, re, sys
r, schema = json.load(open("results.json")), json.load(open(sys.argv[1]))
def n(ok, text): print(("ok" if ok else "not ok"), "-", text)
TYPES = {"object": dict, "array": list, "string": str, "null": type(None), "boolean": bool}
def is_type(v, name):
    if name in ("integer", "number"):
        return not isinstance(v, bool) and isinstance(v, int if name == "integer" else (int, float))
    return isinstance(v, TYPES[name])
def faults(v, s, at):
    if "const" in s and v != s["const"] or "enum" in s and v not in s["enum"]:
        yield f"{at}: {v!r} is none of {s.get('enum', s.get('const'))}"
    types = s.get("type", [])
    types = [types] if isinstance(types, str) else types
    if types and not any(is_type(v, t) for t in types):
        yield f"{at}: not {types}"
    if isinstance(v, str) and "pattern" in s and not re.search(s["pattern"], v):
        yield f"{at}: {v!r} does not match {s['pattern']}"
    if isinstance(v, list):
        for i, item in enumerate(v):
            yield from faults(item, s.get("items", {}), f"{at}/{i}")
    if isinstance(v, dict):
        yield from (f"{at}: lacks {k}" for k in s.get("required", []) if k not in v)
        for k, item in v.items():
            other = s.get("additionalProperties", {})
            if k in s.get("properties", {}):
                yield from faults(item, s["properties"][k], f"{at}/{k}")
            elif other is False:
                yield f"{at}: has {k}"
            elif other is not True:
                yield from faults(item, other, f"{at}/{k}")
found = list(faults(r, schema, ""))
n(not found, f"the record is as its schema says {found[:3] or ''}")
n(list(faults(dict(r, odd=1), schema, "")) != [], "and the schema would tell")
n(r["attestation"] == {"label": "collector-witnessed", "challenge": "nonce-of-a.collector_1"}, "the nonce is in the record")
d = r["conditions"]["digests"]
policy = hashlib.sha256(open("policy.json", "rb").read()).hexdigest()
n(d["policy"] == policy == r["policy"]["sha256"], "the digest of the policy is sha256sum's")
n(all(d[k] for k in ("launcher", "target", "catalogue", "attack", "suite")), "launcher, target, catalogue, helper and suite have digests")
n(d["text"] == hashlib.sha256(open(sys.argv[2], "rb").read()).hexdigest(), "and so has the text, sha256sum's")
c, clock = r["counts"], r["run"]["clock"]
n(c["probes"] == c["selected"] == len(r["probes"]) == sum(v for k, v in c.items() if k not in ("probes", "selected", "catalogue")) < c["catalogue"], f"the counts reconcile {c}")
n(clock["synchronised"] in (True, False) and clock["state"].startswith("TIME_") and abs(clock["steppedSeconds"]) < 1, f"the state of the clock is on record {clock}")
n(r["run"]["bootId"] == open("/proc/sys/kernel/random/boot_id").read().strip(), "and the boot")
n(r["host"]["lsm"] != "unknown" or not os.path.exists("/proc/self/attr/current"), f"and the security modules: {r['host']['lsm']}")
n(all(q["controls"] for q in r["requirements"]), "every requirement names controls")
PY

# valid STATUS WORDS TEXT: --still-valid exits so and says so.
valid() {
	"$CONFINE" check --still-valid results.json >out 2>err
	was=$?
	[ "$was" -eq "$1" ] && cat out err | grep -q -e "$2"; n $? "$3 (exit $was: $(tail -n 1 out | head -c 120; head -c 200 err))"
}
touch out before
ls >before
valid 0 'still valid: .* as recorded' "nothing has changed"
ls | diff before - >/dev/null; n $? "and nothing was written"
start=$(date +%s%N)
"$CONFINE" check --still-valid results.json >/dev/null
took=$((($(date +%s%N) - start) / 1000000))
echo "# it took $took ms"
cp results.json good.json
printf ' ' >>policy.json
valid 3 'changed: digests policy' "another policy is a change"
printf '{"onUnavailable":"degrade"}' >policy.json
mkdir elsewhere && cd elsewhere || exit 1
"$CONFINE" check --still-valid ../results.json >../out; n $? "asked from elsewhere, the same"
cd ..
for change in 's/"kernel":/"kernal":/;changed: host kernel' 's/"user.max_user_namespaces":.*/"user.max_user_namespaces": "7",/;sysctls user.max_user_namespaces: was 7, is' \
	's/"CapBnd":.*/"CapBnd": "00",/;changed: invoker CapBnd' 's/"attack":[[:space:]]*"[0-9a-f]*"/"attack": null/;changed: digests attack: was nothing'; do
	sed -e '/"conditions":/,/"target": {/'"${change%;*}" good.json >results.json
	valid 3 "${change#*;}" "told: ${change#*;}"
done
if [ "$(id -u)" -eq 0 ]; then
	setpriv --reuid=59998 --regid=59998 --clear-groups --inh-caps=-all "$CONFINE" check --still-valid - <good.json >out 2>err
	[ $? -eq 3 ] && grep -q 'changed: invoker Uid' out; n $? "another caller is a change: $(cat err)"
fi
printf '{}' >results.json
valid 2 'not a record of confine check' "a file that is no record"
printf '{"schema":"confine-results/1"}' >results.json
valid 2 'records no conditions' "a record without conditions"
printf '{"schema":"confine-results/1","conditions":{},"run":{"commandLine":["confine","check","--tarket"]}}' >results.json
valid 2 '/run/commandLine: unknown option --tarket' "a record whose command line is none"
"$CONFINE" check --still-valid good.json --jobs 2 >out 2>err
[ $? -eq 2 ] && grep -q 'stands alone' err; n $? "--still-valid stands alone"
"$CONFINE" check --challenge short >out 2>err
[ $? -eq 2 ] && grep -q 'a nonce is 8 to 128' err; n $? "a nonce that is too short"
"$CONFINE" check --only ipc.system-v-memory --json plain.json >out 2>err
grep -q '"label":[[:space:]]*"self-attested"' plain.json; n $? "without a nonce the record is self-attested"
