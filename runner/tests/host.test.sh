#!/bin/sh
# as: root user
# SPDX-License-Identifier: Apache-2.0
#
# host.test.sh - `confine host`: what it finds is what a run finds, what is missing is named with the
# command that gives it. Hosts that lack something are made with namespaces of the test's own.
set -u
: "${CONFINE:?}" "${TESTTMP:?}"
cd "$TESTTMP" || exit 1
umask 022

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

host() { timeout -k 5 60 "$CONFINE" host "$@"; }

# Members of a JSON document, by their keys; NAME finds a capability.
field() { python3 -c 'import json,sys
document = json.load(open(sys.argv[1]))
def at(path):
    value = document
    for key in path.split("/"):
        if isinstance(value, list):
            value = next((v for v in value if key in (v.get("name"), v.get("capability"))), None)
        else:
            value = value.get(key) if isinstance(value, dict) else None
    return value if isinstance(value, str) else json.dumps(value)
print(*[at(path) for path in sys.argv[2:]])' "$@"; }

unset CONFINE_POLICY
host --json >h.json
status=$?
"$CONFINE" run --set '/onUnavailable="degrade"' --report r.json -- /bin/true
is "$(python3 -c 'import json
r = json.load(open("r.json"))
print(json.dumps([r["enforced"], r["promises"], r["mechanism"], r["policy"]["source"]], sort_keys=True))')" \
	"$(python3 -c 'import json
h = json.load(open("h.json"))
print(json.dumps([{l: v["enforced"] for l, v in h["layers"].items()}, h["promises"],
      {l: v["mechanism"] for l, v in h["layers"].items()}, h["policy"]["source"]], sort_keys=True))')" \
	'the layers, mechanisms and promises are those of a run'
is "$(python3 -c 'import json; print(3 if json.load(open("r.json"))["downgrades"] else 0)')" "$status" \
	'status 0 where the policy is enforced, 3 where it is not'
host >plain
: >masked # not made under it
(umask 0777 && host >masked)
is "$(cat plain)" "$(cat masked)" "a caller's umask does not change what the trial finds"
is "$([ $status -eq 0 ] && echo true || echo false)" "$(field h.json ready)" 'and ready says the same'
is "confine-host/1 $(id -u) $(uname -r)" "$(field h.json schema uid kernel)" 'JSON: whose, where'
is '' "$(python3 -c 'import json
for c in json.load(open("h.json"))["capabilities"]:
    if c["state"] not in ("yes", "no", "not tried") or (c["state"] != "not tried") != bool(c["evidence"]):
        print(c)')" 'every capability has a state, and evidence where it was tried'
is '' "$(python3 -c 'import json
h = json.load(open("h.json"))
steps = {c["evidence"] for c in h["capabilities"] if c["state"] == "yes"}
print(*[s for s in steps if "." not in s and s != "confine-filter"])')" 'the evidence of a yes is the step that was carried out'
host >h.txt
is "$status" $? 'the text has the same status'
is '10' "$(grep -c '^  [a-z]* *\(not \)\{0,1\}enforced ' h.txt)" '… and a line for each layer'
ok "$(grep -q "as uid $(id -u):" h.txt; echo $?)" '… and says as whom'
is "$(ls -d "$TESTTMP"/confine.[0-9]* /tmp/confine.host 2>/dev/null)" '' 'nothing is left of the trials'

# --- an uplink: in the lab there is a default route, and nobody behind it -----------------------------------
"$CONFINE" lab exec -- "$CONFINE" host --json >h.json
state=$(field h.json 'capabilities/an uplink for a network namespace/state')
if [ -r /dev/net/tun ] && [ -w /dev/net/tun ]; then
	is yes "$state" 'an uplink is found by having one'
else
	is 'no chmod 666 /dev/net/tun' "$state $(field h.json 'guidance/an uplink for a network namespace/command')" \
		'the device that an uplink wants is named'
fi
if unshare -Urm true 2>/dev/null; then
	unshare -Urm sh -c 'cat /etc/os-release >kept; mkdir none && mount --rbind none /usr/bin && exec "$@"' sh \
		"$CONFINE" host --json >h.json
	ok "$(field h.json 'guidance/an uplink for a network namespace/command' | grep -q 'install.* passt$\|chmod'; echo $?)" \
		'a package that is missing is named as this distribution installs it'
fi

# --- the policy that applies ----------------------------------------------------------------------------
echo '{"enabled": false}' >off.json
CONFINE_POLICY=$PWD/off.json host --json >h.json
is '3 false host' "$? $(field h.json ready policy/source)" 'a disabled policy is not ready'
echo '{' >bad.json
CONFINE_POLICY=$PWD/bad.json host --json >h.json
is 'fail-closed 1' "$(field h.json policy/source) $(field h.json policy/reason | grep -c bad.json)" \
	'a policy that cannot be used is told'

# --- hosts that lack something ----------------------------------------------------------------------------
if unshare -Ur true 2>/dev/null; then
	unshare -Ur sh -c 'echo 0 >/proc/sys/user/max_ipc_namespaces && exec "$@"' sh "$CONFINE" host --json >h.json
	is '3 false no' "$? $(field h.json ready 'capabilities/ipc namespaces/state')" 'without ipc namespaces: not ready'
	ok "$(field h.json 'capabilities/ipc namespaces/evidence' | grep -q ENOSPC; echo $?)" '… found by trying'
	is 'sysctl -w user.max_ipc_namespaces=16384' "$(field h.json 'guidance/ipc namespaces/command')" \
		'… and the switch that stands wrong is named'
	ok "$(python3 -c 'import json,sys
sys.exit(not any(r["layer"] == "ipc" for r in json.load(open("h.json"))["reasons"]))'; echo $?)" '… and the layer'
	unshare -Ur sh -c 'echo 0 >/proc/sys/user/max_ipc_namespaces && exec "$@"' sh "$CONFINE" host >h.txt
	is '3 1 1' "$? $(grep -c '^not ready: runs are refused' h.txt) $(grep -c '# sysctl -w user.max_ipc_namespaces' h.txt)" \
		'… in the text too'
	unshare -Ur sh -c 'echo 0 >/proc/sys/user/max_user_namespaces && exec setpriv --no-new-privs --inh-caps=-all \
		--bounding-set=-all "$@"' sh "$CONFINE" host --json >h.json
	is '3 false no' "$? $(field h.json ready 'capabilities/user namespaces/state')" 'root without rights or user namespaces'
	unshare -Ur sh -c 'exec setpriv --no-new-privs --inh-caps=-all --bounding-set=-setpcap "$@"' sh \
		"$CONFINE" host --json >h.json
	is '3 false' "$? $(field h.json ready)" 'root without the right to give up rights'
	unshare -Urm sh -c 'mount -t tmpfs none /etc && printf "NAME=Other\nPRETTY_NAME=\"Some Other 7\"\n" >/etc/os-release &&
		exec "$@"' sh "$CONFINE" host --json >h.json
	is 'Some Other 7' "$(field h.json distribution)" 'the distribution is that of os-release'
	unshare -Urm sh -c 'mount -t tmpfs none /etc && mount -t tmpfs none /usr/lib/os-release 2>/dev/null;
		head -c 100000 /dev/zero | tr "\0" x >/etc/os-release; exec "$@"' sh "$CONFINE" host --json >h.json
	ok "$(field h.json distribution | grep -q .; echo $?)" 'an os-release that is none does no harm'
else
	echo 'ok - hosts that lack something # SKIP no user namespaces here'
fi

# --- usage ----------------------------------------------------------------------------------------------------
host --jsn >out 2>err
is '2 0 1' "$? $(wc -c <out) $(wc -l <err)" 'usage: an unknown argument'
host --help >out
ok $(($? + $(grep -c '^usage: confine host' out) - 1)) 'usage: --help'
host >/dev/full 2>/dev/null
is 74 $? 'output that cannot be written'
host --json >/dev/full 2>/dev/null
is 74 $? '… JSON either'
