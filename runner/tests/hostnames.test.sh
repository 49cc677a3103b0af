#!/bin/sh
# as: root user
# SPDX-License-Identifier: Apache-2.0
#
# hostnames.test.sh - network.names: asked of the host's resolver before the run, here one on the
# loopback of a network namespace without a way out; shown inside in the hosts file; no question of
# the script's reaches a resolver.
set -u
: "${CONFINE:?}" "${BUILD:?}" "${TESTTMP:?}" "${SRC:?}"
cd "$TESTTMP" || exit 1
umask 022
chmod 711 .

is() { # wanted, got, text
	if [ "$1" = "$2" ]; then
		echo "ok - $3"
	else
		echo "not ok - $3"
		printf '# wanted %s\n# got    %s\n' "$1" "$2" | head -c 900
		echo
	fi
}
skip() { # text, reason
	echo "ok - $1 # SKIP $2"
}

# A resolver at 127.0.0.53 that knows one name, and writes down what it was asked.
cat >resolver.py <<'END'
import socket, struct, sys
server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
server.bind(("127.0.0.53", 53))
open("ready", "w").close()
while True:
    question, whom = server.recvfrom(512)
    at, labels = 12, []
    while question[at]:
        labels.append(question[at + 1:at + 1 + question[at]].decode())
        at += 1 + question[at]
    kind = struct.unpack(">H", question[at + 1:at + 3])[0]
    with open("asked", "a") as log:
        log.write(".".join(labels) + "\n")
    if labels[0] == "mute":
        continue
    known = labels == ["peer", "test"]
    address = {1: bytes([203, 0, 113, 10]),
               28: socket.inet_pton(socket.AF_INET6, "2001:db8:1::10")}.get(kind if known else 0)
    answer = question[:2] + struct.pack(">HHHHH", 0x8180 if known else 0x8183, 1, 1 if address else 0, 0, 0)
    answer += question[12:at + 5]
    if address:
        answer += b"\xc0\x0c" + struct.pack(">HHIH", kind, 1, 60, len(address)) + address
    server.sendto(answer, whom)
END

# What every arm does first: the host's resolver is the one on the loopback.
cat >world <<'END'
mount --make-rprivate / || exit 99
echo 'nameserver 127.0.0.53' >resolv.conf
mount --bind resolv.conf "$(realpath /etc/resolv.conf)" || exit 99
echo '127.0.0.1 localhost
192.0.2.99 only-on-the-host' >hosts
mount --bind hosts /etc/hosts || exit 99
echo 'hosts: files dns' >nsswitch.conf
mount --bind nsswitch.conf /etc/nsswitch.conf || exit 99
exec sh "$@"
END
cat >acts <<'END'
ip link set lo up
python3 resolver.py &
server=$!
tries=500
while [ ! -e ready ] && [ "$tries" -gt 0 ]; do tries=$((tries - 1)); sleep 0.01; done
cat >policy.json <<'POLICY'
{ "onUnavailable": "degrade",
  "network": { "mode": "allowlist", "allow": ["203.0.113.0/24 tcp 80"], "names": ["peer.test"] } }
POLICY
"$CONFINE" run --policy policy.json --report r.json -c '
	cat /etc/hosts; getent ahosts peer.test | cut -d" " -f1 | sort -u; getent hosts only-on-the-host
	echo x 2>/dev/null >>/etc/hosts || echo read-only' >shown 2>err
echo "status: $?"
"$CONFINE" run --policy policy.json --set '/network/names=["no-such.test"]' -c 'echo ran' >unknown 2>why
echo "unknown: $? $(cat unknown)"
"$CONFINE" run --policy policy.json --set '/network/mode="deny"' --report deny.json -c 'grep -c peer /etc/hosts' >deny 2>>err
echo "deny: $(cat deny)"
"$CONFINE" run --policy policy.json --set '/network/names=["mute.test"]' -c 'echo ran' >mute 2>&1 &
waiting=$!
tries=500
while ! grep -q mute asked && [ "$tries" -gt 0 ]; do tries=$((tries - 1)); sleep 0.01; done
kill -TERM "$waiting"
wait "$waiting"
echo "mute: $? $(cat mute)"
wc -l <asked >before
"$CONFINE" run --policy policy.json --set '/network/mode="deny"' -c 'getent hosts secret.test' >/dev/null 2>&1
kill "$server"
END

if [ "$(id -u)" -eq 0 ]; then alone='unshare -n -m'; else alone='unshare -Urnm'; fi
if ! $alone true 2>/dev/null; then
	skip 'names' 'no network namespace here'
	exit 0
fi
export CONFINE
$alone sh world acts >said 2>said.err
[ $? -ne 99 ] || { skip 'names' 'the files of /etc cannot be covered here'; exit 0; }
is '0' "$(sed -n 's/^status: //p' said)" "a policy with names runs $(tail -n 1 err said.err)"
is '127.0.0.1 localhost
::1 localhost ip6-localhost ip6-loopback
2001:db8:1::10 peer.test
203.0.113.10 peer.test
2001:db8:1::10
203.0.113.10
read-only' "$( { sed -n 1,2p shown; sed -n 3,4p shown | sort; sed -n '5,$p' shown; })" \
	'the script sees what the resolver said, nothing else of the host, and cannot change it'
is '125 ' "$(sed -n 's/^unknown: //p' said)" 'a name without an answer ends the run before it begins'
is 'confine run: cannot resolve no-such.test: Name or service not known' "$(cat why)" 'and says which'
is '143 confine run: interrupted by signal 15 before the script was started' "$(sed -n 's/^mute: //p' said)" \
	'TERM while a name is asked for ends the run as TERM does, says so, and nothing ran'
is '0' "$(sed -n 's/^deny: //p' said)" 'where nothing can be reached no name is asked for'
is '1' "$(grep -c 'no names are resolved' deny.json)" 'which the receipt notes'
is '1' "$(grep -c 'peer.test is 2001:db8:1::10, which allow does not list' r.json)" \
	'an address that allow does not list is noted'
is '0' "$(grep -c secret asked)" 'a question of the script reaches no resolver'

# With a way out: the lab's allowed peer is reached by its name.
if [ "$(id -u)" -ne 0 ] || ! command -v pasta >/dev/null; then
	skip 'a peer by its name' 'needs root and pasta'
	exit 0
fi
rm -f ready
cat >start <<'END'
exec timeout -k 5 60 "$BUILD/libexec/confine/confine-lab" exec --log log -- sh ./byname >byname.said 2>byname.err
END
cat >byname <<'END'
python3 resolver.py &
server=$!
tries=500
while [ ! -e ready ] && [ "$tries" -gt 0 ]; do tries=$((tries - 1)); sleep 0.01; done
"$CONFINE" run --set '/network/mode="allowlist"' --set '/network/allow=["203.0.113.10 tcp 80", "2001:db8:1::10 tcp 80"]' \
	--set '/network/names=["peer.test"]' --report byname.json -- python3 -c 'import socket
print(socket.create_connection(("peer.test", 80), 5).getpeername()[1])'
kill "$server"
END
unshare -m sh world start
is '80' "$(cat byname.said)" "the allowed peer is reached by its name $(tail -n 2 byname.err)"
is '0 1' "$(grep -c '"port":53[,}]' log) $(tr -d ' \t\n' <byname.json | grep -c '"downgrades":\[\]')" \
	'no question arrives, and every layer is enforced'
