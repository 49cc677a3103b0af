#!/bin/sh
# as: root user
# SPDX-License-Identifier: Apache-2.0
#
# events.test.sh - what runs tell whoever collects logs: one JSON object a line, to standard error, a
# file or syslog, and nothing where nobody asked. T-numbers are those of the upstream behaviours.
set -u
: "${CONFINE:?}" "${TESTTMP:?}"
cd "$TESTTMP" || exit 1
umask 022
unset CONFINE_POLICY CONFINE_EVENTS

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

# Of each line of a file: event and level; a line that is no JSON object is an error.
events() { python3 -c 'import json, sys
for line in open(sys.argv[1]):
    e = json.loads(line)
    assert e["schema"] == "confine-event/1" and e["time"].endswith("Z") and e["pid"] > 1
    print(e["event"], e["level"])' "$1" | tr '\n' ' ' | sed 's/ $//'; }

# Members of the first line of an event, by their keys.
field() { python3 -c 'import json, sys
e = next(e for e in map(json.loads, open(sys.argv[1])) if e["event"] == sys.argv[2])
def at(path):
    value = e
    for key in path.split("/"):
        value = value.get(key) if isinstance(value, dict) else None
    return value if isinstance(value, str) else json.dumps(value)
print(*[at(path) for path in sys.argv[3:]])' "$@"; }

# --- nobody asked ------------------------------------------------------------------------------------
run -c 'echo hi >&2' >out 2>err
is 'hi' "$(cat err)" 'not asked for: nothing is told'
CONFINE_EVENTS='' run -c 'true' 2>err
is 0 "$(wc -c <err)" 'an empty CONFINE_EVENTS asks for none'
CONFINE_EVENTS=e.log run --events none -c 'true'
ok "$([ ! -e e.log ]; echo $?)" '--events none wins over CONFINE_EVENTS'
CONFINE_EVENTS=e.log run --explain -c 'true' >out
ok "$([ ! -e e.log ]; echo $?)" '--explain is no run'

# --- what is told ------------------------------------------------------------------------------------------
run --events e.log --report r.json -c 'echo zebra' secret-argument >out
is '1 started info' "$(grep -c '"event":"started"' e.log) $(events e.log | cut -d' ' -f1,2)" 'T144: exactly one line at the start of a run'
is "$(python3 -c 'import json; print(json.dumps(json.load(open("r.json"))["enforced"]))')" "$(field e.log started enforced)" \
	'… which says of each layer what the receipt says'
is "shipped r.json $(id -u)" "$(field e.log started policy/source receipt caller)" '… which policy, which receipt, whose run'
is 0 "$(grep -c 'zebra\|secret-argument' e.log)" '… and nothing of the script'
is "$(python3 -c 'import json
notes = json.load(open("r.json"))["notes"]
print("notes info" if notes else "")')" "$(events e.log | grep -o 'notes info')" 'T150: notes are information'
is '' "$(events e.log | grep -o 'degraded\|refused\|failed\|policy')" 'T149: and nothing else where all is enforced'
if unshare -Ur true 2>/dev/null; then
	rm -f e.log
	unshare -Ur sh -c 'echo 0 >/proc/sys/user/max_ipc_namespaces && exec "$@"' sh "$CONFINE" run --events e.log \
		--set '/onUnavailable="degrade"' -c 'true'
	is '1 degraded warning yes' "$(grep -c '"event":"degraded"' e.log) $(events e.log | grep -o 'degraded warning') \
$(field e.log degraded downgrades | grep -q '"layer": "ipc"' && echo yes)" \
		'T148: one warning, which names the layer'
	ok "$(field e.log started missing | grep -q 'ipc namespaces'; echo $?)" 'T143: what this host lacks, and why'
	rm -f e.log
	unshare -Ur sh -c 'echo 0 >/proc/sys/user/max_ipc_namespaces && exec "$@"' sh "$CONFINE" run --events e.log \
		-c 'true' 2>/dev/null
	is '125 refused error' "$? $(events e.log)" 'T145: a refused run is told, and did not start'
	ok "$(field e.log refused downgrades | grep -q '"layer": "ipc"'; echo $?)" 'T147: with the layers and their reasons'
else
	echo 'ok - degraded and refused runs # SKIP no user namespaces here'
fi
rm -f e.log
sh -c 'ulimit -n 7 && exec "$@"' sh "$CONFINE" run --events e.log -c 'true' 2>/dev/null
is '125 failed error' "$? $(events e.log)" 'a run that could not be set up'
rm -f e.log
echo '{' >bad.json
CONFINE_POLICY=$PWD/bad.json run --events e.log -c 'true' 2>/dev/null
is 'policy warning started info fail-closed' "$(events e.log | cut -d' ' -f1-4) $(field e.log policy policy/source)" \
	'T238: a policy of the host that cannot be used'
rm -f e.log
run --events e.log --set /resources/cpuSecond=1 -c 'true' 2>/dev/null
is '125 ' "$? $(cat e.log 2>/dev/null)" 'a wrong command line is the caller'"'"'s own matter'

# --- where -------------------------------------------------------------------------------------------------------
run --events stderr -c 'echo out; echo err >&2' >out 2>err
is 'out 1 1' "$(cat out) $(grep -c '^err$' err) $(grep -c '"event":"started"' err)" 'standard error'
rm -f e.log
CONFINE_EVENTS=$PWD/e.log run -c 'true'
CONFINE_EVENTS=$PWD/e.log run -c 'true'
is 2 "$(grep -c '"event":"started"' e.log)" 'CONFINE_EVENTS, and a file is appended to'
is '' "$(CONFINE_EVENTS=$PWD/e.log run -c 'ls /proc/self/fd | sed "/^[0-3]$/d"')" 'its descriptor does not reach the script'
rm -f e.log
i=0
while [ $i -lt 20 ]; do
	run --events e.log -c 'true' &
	i=$((i + 1))
done
wait
is 20 "$(events e.log | tr ' ' '\n' | grep -c started)" 'twenty at once: every line whole'
run --events /nowhere/e.log -c 'echo ran' >out 2>err
is '125 0 1' "$? $(wc -c <out) $(wc -l <err)" 'a file that cannot be opened: nothing runs unseen'
run --events /dev/full -c 'echo ran' >out 2>err
is '0 ran 1' "$? $(cat out) $(wc -l <err)" 'a line that cannot be written is told once, and ends nothing'
mkfifo pipe
run --events pipe -c 'echo ran' >out 2>err
is '125 0' "$? $(wc -c <out)" 'a pipe that nobody reads is not waited for'
if unshare -Urm true 2>/dev/null; then
	cat >logger.py <<'LOGGER'
import socket, subprocess, sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.bind("/dev/log")
s.settimeout(10)
print(subprocess.call(sys.argv[1:], stdout=subprocess.DEVNULL))
s.setblocking(False)
try:
    while True:
        print(s.recv(65536).decode())
except BlockingIOError:
    pass
LOGGER
	unshare -Urm sh -c 'touch keep && mkdir dev && mount -t tmpfs none dev && for i in null zero full urandom; do
		touch dev/$i && mount --bind /dev/$i dev/$i; done && mount --rbind dev /dev && exec "$@"' sh \
		python3 logger.py "$CONFINE" run --set '/onUnavailable="degrade"' --events syslog -c 'true' >sys.log
	is '0 1 1' "$(head -n 1 sys.log) $(grep -c '^<86>confine\[[0-9]*\]: {.*"event":"started"' sys.log) \
$(grep -c '^<84>confine\[[0-9]*\]: {.*"event":"degraded"' sys.log)" 'syslog: authpriv, with the level of the event'
	sed -n 's/^<[0-9]*>confine\[[0-9]*\]: //p' sys.log >json.log
	ok "$(events json.log >/dev/null; echo $?)" '… and what is behind the tag is the same line'
	unshare -Urm sh -c 'mkdir -p dev2 && mount -t tmpfs none dev2 && touch dev2/null && mount --bind /dev/null dev2/null &&
		mount --rbind dev2 /dev && exec "$@"' sh "$CONFINE" run --events syslog -c 'echo ran' >out 2>err
	is '125 0 1' "$? $(wc -c <out) $(wc -l <err)" 'no syslog: nothing runs unseen'
else
	echo 'ok - syslog # SKIP no user and mount namespaces here'
fi
