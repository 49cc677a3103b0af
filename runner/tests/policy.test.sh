#!/bin/sh
# as: root user
# SPDX-License-Identifier: Apache-2.0
#
# policy.test.sh - which policy applies and why, and `confine policy`. T-numbers are those of the
# upstream behaviours. The host's own /etc is never touched: CONFINE_POLICY names the file, or a
# private mount namespace has an /etc of its own.
set -u
: "${CONFINE:?}" "${SRC:?}" "${TESTTMP:?}"
cd "$TESTTMP" || exit 1
umask 022
policies=$SRC/fixtures/policies

is() { # wanted, got, text
	if [ "$1" = "$2" ]; then
		echo "ok - $3"
	else
		echo "not ok - $3"
		printf '# wanted %s\n# got    %s\n' "$1" "$2" | head -c 600
		echo
	fi
}

ok() { # condition's status, text
	if [ "$1" -eq 0 ]; then echo "ok - $2"; else echo "not ok - $2"; fi
}

run() { timeout -k 5 60 "$CONFINE" run "$@"; }
policy() { timeout -k 5 60 "$CONFINE" policy "$@"; }

# Members of a JSON document, by their keys.
field() { python3 -c 'import json,sys
document = json.load(open(sys.argv[1]))
def at(path):
    value = document
    for key in path.split("/"):
        value = value.get(key) if isinstance(value, dict) else None
    return value if isinstance(value, str) else json.dumps(value)
print(*[at(path) for path in sys.argv[2:]])' "$@"; }

# --- what applies ----------------------------------------------------------------------------------------
here=$(pwd -P)
if [ -e /etc/confine/policy.json ]; then
	echo 'ok - T32, T37: nothing configured is the shipped default # SKIP this host has a policy'
else
	policy show >shown.json 2>why
	is 'true scratch-plus-ro fail allowlist' "$(field shown.json enabled filesystem/mode onUnavailable network/mode)" \
		'T37: nothing stored is the shipped default'
	run --report r.json -- /bin/true
	is 'shipped default null' "$(field r.json policy/source policy/profile policy/file)" \
		'T32: a run says that nothing was configured'
	is 1 "$(grep -c 'no /etc/confine/policy.json' why)" 'and show says it too'
fi
CONFINE_POLICY=$here/host.json
export CONFINE_POLICY
echo '{"enabled": false}' >host.json
run --report r.json -- /bin/true
is "host $here/host.json false" "$(field r.json policy/source policy/file requested/enabled)" \
	"T33, T38: the host's default is what applies"
echo '{"network": {"mode": "deny"}, "resources": {"cpuSeconds": 17}}' >host.json
run --report r.json -- /bin/true
is 'host deny 17 scratch-plus-ro fail' "$(field r.json policy/source requested/network/mode \
	requested/resources/cpuSeconds requested/filesystem/mode requested/onUnavailable)" \
	'T41, T235: over the shipped default'
run --set /resources/cpuSeconds=18 --report r.json -- /bin/true
is 'host 18 deny' "$(field r.json policy/source requested/resources/cpuSeconds requested/network/mode)" \
	'--set changes one field of it'
echo '{"resources": {"cpuSeconds": 21}}' >mine.json
run --policy mine.json --report r.json -- /bin/true
is 'option mine.json 21 allowlist' "$(field r.json policy/source policy/file requested/resources/cpuSeconds \
	requested/network/mode)" 'T36: --policy is in its place, not over it'
run --profile permissive --report r.json -- /bin/true
is 'profile permissive off' "$(field r.json policy/source policy/profile requested/filesystem/mode)" \
	'--profile is in its place'
echo '{"resources": {"cpuSeconds": 19}}' >host.json
run --report r.json -- /bin/true
is 19 "$(field r.json requested/resources/cpuSeconds)" 'T243: a later one replaces it, at the next run'
is 0 "$(CONFINE_POLICY=' ' run --report r.json -- /bin/true; field r.json policy/source | grep -c host.json)" \
	'a blank CONFINE_POLICY names nothing'

# --- what cannot be used: fail closed ----------------------------------------------------------------------
closed() { # text, words of the reason; the file stands
	run --report r.json -c 'echo ran' >out 2>err
	status=$?
	is "0 ran fail-closed fail-closed deny scratch-plus-ro drop-to-uid fail 1" \
		"$status $(cat out) $(field r.json policy/source policy/profile requested/network/mode requested/filesystem/mode \
			requested/privilege/mode requested/onUnavailable) $(wc -l <err)" "T34, T35: $1: fail-closed"
	ok "$(field r.json policy/reason | grep -q -- "$2"; echo $?)" "… and the receipt says why: $2"
	ok "$(grep -q -- "$2" err; echo $?)" '… and so does one line of standard error'
}
cp "$policies/hostile/duplicate-key.json" host.json
closed 'an invalid policy' "host.json: /enabled: name appears twice"
cp "$policies/contradictory/host-proc.json" host.json
closed 'a contradictory one' 'must not be in /proc'
: >host.json
closed 'an empty file' 'expected a value'
rm host.json
closed 'a named file that is not there' 'No such file'
mkdir host.json
closed 'a directory' 'not a file'
rmdir host.json
mkfifo host.json
closed 'a pipe, which is not waited for' 'not a file'
rm host.json
echo '{"enabled": false}' >host.json
chmod 646 host.json
closed 'a file that everyone may change' 'everyone may write'
if [ "$(id -u)" -ne 0 ]; then
	chmod 000 host.json
	closed 'T236: a file that may not be read' 'Permission denied'
fi
chmod 600 host.json
if unshare -Ur true 2>/dev/null; then
	: >host.json
	unshare -Ur sh -c 'echo 0 >/proc/sys/user/max_ipc_namespaces && exec "$@"' sh "$CONFINE" run \
		--report r.json -c 'echo ran' >out 2>/dev/null
	is '125 0 refused fail-closed' "$? $(wc -c <out) $(field r.json outcome policy/source)" \
		'and refuses what it cannot enforce, where upstream runs on'
	unshare -Urm sh -c 'mount -t tmpfs none /etc && mkdir /etc/confine && echo "{\"enabled\": 1}" >/etc/confine/policy.json &&
		unset CONFINE_POLICY && "$1" policy show >shown.json 2>why; "$1" policy check; echo $?
		echo "{\"resources\": {\"cpuSeconds\": 5}}" >/etc/confine/policy.json; "$1" policy show' sh "$CONFINE" >out 2>err
	is '2 fail-closed' "$(head -n 1 out) $(cut -d: -f1 why)" 'T40: the usual place is /etc/confine/policy.json'
	ok "$(grep -q '"cpuSeconds":.*5,' out; echo $?)" '… and what stands there applies'
fi

# --- show and check ---------------------------------------------------------------------------------------------
rm -f host.json
echo '{"resources": {"cpuSeconds": 17}}' >host.json
policy show >one.json 2>why
is 17 "$(field one.json resources/cpuSeconds)" 'show: the whole policy that applies'
policy show --policy one.json --profile permissive >two.json 2>/dev/null
ok "$(cmp -s one.json two.json; echo $?)" 'T31: what it resolves to is a policy that resolves to itself'
policy check >out 2>err
is '0 0' "$? $(wc -c <err)" "check: the host's default"
policy check "$policies"/good/*.json >out 2>err
is "0 $(ls "$policies"/good/*.json | wc -l) 0" "$? $(grep -c 'a valid policy' out) $(wc -c <err)" 'check: every good file'
policy check "$policies"/hostile/*.json "$policies"/contradictory/*.json >out 2>err
is "2 0 $(cat "$policies"/refused.tsv | sed 1d | wc -l)" "$? $(wc -l <out) $(wc -l <err)" \
	'check: every bad one is told, status 2'
ok "$(grep -q 'confine policy: .*/hostile/zone.json: /network/allow/1: ' err; echo $?)" '… with the place of the fault'
policy check - <one.json >out
is 0 $? 'check: standard input'
echo '{' >host.json
policy check >out 2>err
is '2 0 1' "$? $(wc -c <out) $(wc -l <err)" "check: a host's default that cannot be used"

# --- merge --------------------------------------------------------------------------------------------------------
merged() { # JSON… laid over each other; the result is in merged.json
	number=0
	set_files=
	for text in "$@"; do
		number=$((number + 1))
		printf '%s\n' "$text" >"merge.$number"
		set_files="$set_files merge.$number"
	done
	# shellcheck disable=SC2086 # names without spaces
	policy merge $set_files >merged.json
}
policy show --profile default >default.json 2>/dev/null
merged '{}'
ok "$(cmp -s merged.json default.json; echo $?)" 'T26: nothing to merge is the base'
merged '{"network": {"mode": "deny"}}'
is 'deny true 60 scratch-plus-ro drop-to-uid' "$(field merged.json network/mode network/denyLinkLocalAndMetadata \
	resources/cpuSeconds filesystem/mode privilege/mode)" 'T27: one field leaves the others of its section, and the others'
merged '{"resources": {"memoryBytes": 1000}}'
is '1000 60 256' "$(field merged.json resources/memoryBytes resources/cpuSeconds resources/maxProcesses)" 'T28'
merged '{"enabled": false}'
is 'false fail' "$(field merged.json enabled onUnavailable)" 'T29'
merged '{"onUnavailable": "degrade"}'
is degrade "$(field merged.json onUnavailable)" 'T30'
policy merge default.json default.json >merged.json
ok "$(cmp -s merged.json default.json; echo $?)" 'T31: a resolved policy over itself is itself'
merged '{"network": {"allow": ["192.0.2.1", "192.0.2.2"]}}' '{"network": {"allow": ["192.0.2.3"]}}' \
	'{"resources": {"cpuSeconds": 3}}'
is '["192.0.2.3"] 3' "$(field merged.json network/allow resources/cpuSeconds)" 'the last one wins, arrays are replaced whole'
policy merge --profile permissive merge.3 >merged.json
is '3 off null' "$(field merged.json resources/cpuSeconds filesystem/mode resources/memoryBytes)" '--profile is the base'
merged '{"filesystem": {"mode": "scratch-only", "readOnly": ["/opt"]}}' '{"filesystem": {"mode": "off"}}' 2>err
is '2 0 1' "$? $(wc -c <merged.json) $(grep -c 'policy: /filesystem: ' err)" 'what only the whole can show is found'
merged '{"resources": {"cpuSeconds": 1}}' '{"resources": {"cpuSecond": 1}}' 2>err
is '2 1' "$? $(grep -c 'merge.2: /resources/cpuSecond: ' err)" 'a fault names its file'

# --- set --------------------------------------------------------------------------------------------------------------
rm -rf host.json new
CONFINE_POLICY=$here/new/policy.json
policy set /resources/memoryBytes=1000000
is '0 {"resources": {"memoryBytes": 1000000}}' "$? $(python3 -c 'import json; print(json.dumps(json.load(open("new/policy.json"))))')" \
	'W27: what is stored is what was set, not what this host would add'
policy show >shown.json 2>/dev/null
is '1000000 true fail allowlist drop-to-uid true 60' "$(field shown.json resources/memoryBytes enabled onUnavailable \
	network/mode privilege/mode network/denyLinkLocalAndMetadata resources/cpuSeconds)" 'T41, T42: the others keep the shipped values'
CONFINE_SANDBOX_UID=12345 policy set '/network/mode="deny"' /resources/cpuSeconds=17
policy show >shown.json 2>/dev/null
is 'deny 17 1000000 null' "$(field shown.json network/mode resources/cpuSeconds resources/memoryBytes privilege/uid)" \
	'W27: a second one keeps the first, where upstream forgets it; no uid of this host is written down'
policy set /enabled=false
policy show >shown.json 2>/dev/null
is 'false scratch-plus-ro deny' "$(field shown.json enabled filesystem/mode network/mode)" 'T38, T43: the opt-out, beside safe values'
is "$(policy show 2>/dev/null | cksum)" "$(cd / && policy show 2>/dev/null | cksum)" 'T39: read alike by everyone'
before=$(cksum <new/policy.json)
for wrong in /resources/cpuSeconds=-1 /resources/cpuSecond=1 '/network/allow=["localhost"]' /enabled= enabled=false \
	'/filesystem/readOnly=["/proc"]' /resources=1 "/$(head -c 3000 /dev/zero | tr '\0' a)=1"; do
	policy set /resources/maxProcesses=9 "$wrong" >out 2>err
	is "2 0 1 $before" "$? $(wc -c <out) $(wc -l <err) $(cksum <new/policy.json)" \
		"T44: refused, and nothing stored: $(printf %.40s "$wrong")"
done
policy set --unset /resources/cpuSeconds --unset /enabled
policy show >shown.json 2>/dev/null
is '60 true 1000000' "$(field shown.json resources/cpuSeconds enabled resources/memoryBytes)" \
	'W27: --unset takes a field out again'
policy set --unset /resources/cpuSeconds 2>err
is '2 1' "$? $(wc -l <err)" '… once'
policy set --file other.json '/onUnavailable="degrade"'
is '{"onUnavailable": "degrade"}' "$(python3 -c 'import json; print(json.dumps(json.load(open("other.json"))))')" '--file names another'
is 'policy.json' "$(ls -A new)" 'nothing else is left beside it'
ok "$([ "$(stat -c %a new/policy.json)" = 644 ]; echo $?)" 'and everyone may read it'
echo '{"enabled": 1}' >broken.json
policy set --file broken.json /resources/cpuSeconds=5 2>err
is '2 {"enabled": 1}' "$? $(cat broken.json)" 'a file that is no policy is not written over'
i=0
pids=
while [ $i -lt 20 ]; do
	policy set --file many.json "/network/allow=[\"192.0.2.$i\"]" /resources/maxProcesses=$((i + 1)) &
	policy set --file many.json /resources/cpuSeconds=7 '/ipc={"mode": "on"}' &
	pids="$pids $!"
	i=$((i + 1))
done
wait
is '7 on 1' "$(field many.json resources/cpuSeconds ipc/mode) $(python3 -c 'import json
d = json.load(open("many.json"))
print(int(d["network"]["allow"] == ["192.0.2.%d" % (d["resources"]["maxProcesses"] - 1)]))')" 'forty at once: none forgets another'
if [ "$(id -u)" -ne 0 ]; then
	mkdir locked && chmod 555 locked
	policy set --file locked/policy.json /resources/cpuSeconds=5 2>err
	is '74 1' "$? $(wc -l <err)" 'a directory that cannot be written to'
fi

# --- explain ------------------------------------------------------------------------------------------------------------------
policy explain --profile default >out 2>/dev/null
is 0 $? 'explain'
is "$(policy show --profile default 2>/dev/null | grep -o '"[A-Za-z]*":' | tr -d '":' | sort -u)" \
	"$(python3 -c 'import re, subprocess, sys
words = set(re.findall(r"^ *([A-Za-z]+)", open("out").read(), re.M))
shown = set(re.findall(r"\"([A-Za-z]+)\":", sys.stdin.read()))
print("\n".join(sorted(shown & words)))' <default.json | sort -u)" 'explain: every field of the policy has its line'
is '' "$(grep -n '%s\|(null)' out)" 'explain: and its value'
run --profile default --set '/onUnavailable="degrade"' --report r.json -- /bin/true
is "$(python3 -c 'import json
for layer, on in json.load(open("r.json"))["enforced"].items(): print(layer, on)' | sort)" \
	"$(sed -n 's/^  here: \([a-z]*\): enforced by.*/\1 True/p; s/^  here: \([a-z]*\): not enforced.*/\1 False/p' out | sort)" \
	'explain: says of every layer what a run would find'
policy explain --profile default --set '/network/allow=["192.0.2.1"]' >out 2>/dev/null
ok "$(grep -q 'allowed: 192.0.2.1' out; echo $?)" 'explain: lists are spelled out'

# --- usage ----------------------------------------------------------------------------------------------------------------------
for arguments in '' 'shwo' 'show extra' 'show --file x' 'set' 'set x' 'show --profile mild' 'show --set' 'check missing.json' \
	'merge missing.json' 'set --file' 'set --unset x'; do
	# shellcheck disable=SC2086 # words are meant
	policy $arguments >out 2>err
	is '2 0 1' "$? $(wc -c <out) $(wc -l <err)" "usage: confine policy $arguments"
done
policy --help >out
ok $(($? + $(grep -c '^usage: confine policy' out) - 1)) '--help'
