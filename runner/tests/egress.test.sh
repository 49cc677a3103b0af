#!/bin/sh
# as: root user
# SPDX-License-Identifier: Apache-2.0
#
# egress.test.sh - an allowlist and the metadata block in the lab: what a policy names is reached, over
# IPv4 and IPv6, and nothing else arrives, whatever is tried from inside. Either uplink, as root and
# as a user. The lab's arrival log is the judge; not a packet is outside the lab's namespaces.
#
# The kernel lets a user have an uplink only where /dev/net/tun can be opened: root gives the user
# one in a private mount namespace. Without one, the refusal has to name it.
set -u
: "${CONFINE:?}" "${BUILD:?}" "${TESTTMP:?}"
cd "$TESTTMP" || exit 1
umask 022
chmod 711 . # the user of some of the labs passes through
attack=$BUILD/libexec/confine/confine-attack
lab=$BUILD/libexec/confine/confine-lab
user=59999
export CONFINE attack lab

is() { # wanted, got, text
	if [ "$1" = "$2" ]; then
		echo "ok - $3"
	else
		echo "not ok - $3"
		printf '# wanted %s\n# got    %s\n' "$1" "$2" | head -c 900
		echo
	fi
}

ok() { # condition's status, text
	if [ "$1" -eq 0 ]; then echo "ok - $2"; else echo "not ok - $2"; fi
}

skip() { # text, reason
	echo "ok - $1 # SKIP $2"
}

# One member of a receipt.
field() { python3 -c 'import json,sys
value = json.load(open(sys.argv[1]))
for key in sys.argv[2].split("/"):
    value = value[int(key) if isinstance(value, list) else key]
print(json.dumps(value))' "$1" "$2"; }

# --- worlds ------------------------------------------------------------------------------------------
# A view of the machine in which only one uplink can be executed, and in which a user may have one.
cat >world <<'END'
mount --make-rprivate / || exit 99
for other in pasta slirp4netns; do
	[ "$other" = "$2" ] || [ ! -e "/usr/bin/$other" ] || mount --bind /dev/null "/usr/bin/$other" || exit 99
done
[ "$1" = user ] || exec sh "$3"
mount -t tmpfs -o mode=755 tmpfs /dev/net || exit 99
[ "$2" = none ] || mknod -m 666 /dev/net/tun c 10 200 || exit 99
exec setpriv --reuid="$user" --regid="$user" --clear-groups --inh-caps=-all sh "$3"
END
uid=$(id -u)
export user

# in_lab IDENTITY UPLINK DIRECTORY: runs DIRECTORY/acts in a lab; what it prints is in DIRECTORY/said
in_lab() {
	mkdir -p "$3"
	printf 'exec timeout -k 5 120 "$lab" exec --log log -- sh ./acts >said 2>err\n' >"$3/start"
	if [ "$uid" -eq 0 ]; then
		[ "$1" = root ] || chown -R "$user" "$3"
		(cd "$3" && unshare -m sh ../world "$1" "$2" start)
	else
		(cd "$3" && sh ./start)
	fi
}

# What arrived: PROTOCOL DESTINATION PORT a line, counted; and whether the log is whole.
arrivals() {
	sed -n 's/.*"protocol":"\([^"]*\)".*"destination":"\([^"]*\)"\(,"port":\([0-9]*\)\)\{0,1\}.*"bytes".*/\1 \2 \4/p' \
		"$1/log" | sort | uniq -c | sed 's/^ *//'
	tail -n 1 "$1/log" | grep -q '"mark":"end".*"lost":0,"complete":true' || echo 'the log is not whole'
}
said() { sed -n "s/^$2: //p" "$1/said"; }

# --- acts --------------------------------------------------------------------------------------------
# NAME VERB ARGUMENT… of confine-attack, tried inside, in this order. What is to be reached is named so.
cat >list <<'END'
reached-v4 stream 6 203.0.113.10 80
reached-v6 stream 6 2001:db8:1::10 80
other-port-v4 tcp 203.0.113.10 7
other-port-v6 tcp 2001:db8:1::10 7
other-peer-v4 tcp 203.0.113.20 80
other-peer-v6 tcp 2001:db8:1::20 80
gateway-v4 tcp 198.51.100.1 80
gateway-v6 tcp 2001:db8::1 80
metadata-aws tcp 169.254.169.254 80
metadata-ecs tcp 169.254.170.2 80
metadata-eks tcp 169.254.170.23 80
metadata-azure tcp 168.63.129.16 80
metadata-alibaba tcp 100.100.100.200 80
metadata-oracle-classic tcp 192.0.0.192 80
metadata-aws-v6 tcp fd00:ec2::254 80
metadata-eks-v6 tcp fd00:ec2::23 80
metadata-google-v6 tcp fd20:ce::254 80
metadata-oracle-v6 tcp fd00:c1::a9fe:a9fe 80
metadata-udp datagram 17 169.254.169.254 80
metadata-nat64 tcp 64:ff9b::a9fe:a9fe 80
mapped-peer tcp ::ffff:203.0.113.20 80
mapped-metadata tcp ::ffff:169.254.169.254 80
dns-udp-v4 udp 203.0.113.53 53
dns-udp-v6 udp 2001:db8:1::53 53
dns-tcp tcp 203.0.113.53 53
dns-question dns 203.0.113.53 secret.allowed.test
dns-metadata dns 169.254.169.254 secret.allowed.test
dns-allowed-peer udp 203.0.113.10 53
dns-uplink-v4 dns 192.88.99.3 secret.allowed.test
dns-uplink-v6 dns fd00::3 secret.allowed.test
udp-v4 udp 203.0.113.10 80
udp-v6 udp 2001:db8:1::10 80
icmp-v4 ping 203.0.113.10
icmp-v6 ping 2001:db8:1::10
raw-v4 raw 203.0.113.10 253
raw-v6 raw 2001:db8:1::10 253
frame frame 203.0.113.10
uring uring-tcp 203.0.113.20 80
sctp stream 132 203.0.113.10 80
mptcp stream 262 203.0.113.20 80
udplite-v4 datagram 136 203.0.113.10 80
udplite-v6 datagram 136 2001:db8:1::10 80
fragments-v4 udp-long 203.0.113.10 80 9000
fragments-v6 udp-long 2001:db8:1::10 80 9000
fragments-loopback-mtu udp-long 203.0.113.10 80 59000
multicast-v4 udp-link 224.0.0.251 5353
multicast-wide-v4 udp-link 239.1.2.3 5353
multicast-v6 udp-link ff02::fb 5353
multicast-wide-v6 udp-link ff0e::1 5353
broadcast udp-link 255.255.255.255 67
broadcast-net udp-link 198.51.100.255 67
zone-host udp-link fe80::2 80
zone-router udp-link fe80::1 80
source-route source-route 203.0.113.20 203.0.113.10 80
source-route-back source-route 203.0.113.10 203.0.113.20 80
routing-header source-route 2001:db8:1::20 2001:db8:1::10 80
loopback-gateway-v4 tcp 198.51.100.1 4242
loopback-gateway-v6 tcp 2001:db8::1 4242
loopback-own-v4 tcp 198.51.100.2 4242
loopback-own-v6 tcp 2001:db8::2 4242
loopback-slirp-v4 tcp 192.88.99.2 4242
loopback-slirp-v6 tcp fd00::2 4242
loopback-default tcp 10.0.2.2 4242
loopback-zero tcp 0.0.0.0 4242
loopback-v4 tcp 127.0.0.1 4242
loopback-v6 tcp ::1 4242
flush-rules flush-rules
add-route add-route 203.0.113.20
add-address add-address 203.0.113.99
link-down link-down
find-pasta find-command pasta
find-slirp find-command slirp4netns
kill-uplink signal 2 uplink
still-other-peer tcp 203.0.113.20 80
still-metadata tcp 169.254.169.254 80
reached-still-v4 stream 6 203.0.113.10 80
reached-still-v6 stream 6 2001:db8:1::10 80
END

# Outside: a listener on the host's loopback that nobody must reach, then the run.
cat >acts.allowlist <<'END'
python3 - 4242 >loopback <<'PY' &
import select, socket, sys
listeners = [socket.create_server(("127.0.0.1", int(sys.argv[1]))),
             socket.create_server(("::1", int(sys.argv[1])), family=socket.AF_INET6)]
print("listening", flush=True)
while True:
    for ready in select.select(listeners, [], [])[0]:
        print("accepted", ready.accept()[1], flush=True)
PY
listener=$!
tries=0
until grep -qs listening loopback || [ "$tries" -ge 200 ]; do sleep 0.02; tries=$((tries + 1)); done
{
	echo 'cat >/tmp/list <<"END"'
	cat ../list
	echo END
	echo 'while read -r name verb; do echo "$name: $("$1" $verb 2>&1)"; done </tmp/list'
} >inner
"$CONFINE" run --policy policy.json --timeout 60s --report r.json --set "/filesystem/readOnly=[\"${attack%/*}\"]" \
	--script inner -- "$attack"
echo "status: $?"
kill "$listener"
END

# judge TEXT DIRECTORY: everything of the list as its name wants it, and nothing else in the log
judge() {
	wrong=
	while read -r name verb; do
		answer=$(said "$2" "$name")
		case $name:$answer in
		reached-*:'reached -') ;;
		reached-*) wrong="$wrong $name=$answer" ;;
		# what lies on the script's own loopback is its own
		loopback-zero:* | loopback-v4:* | loopback-v6:* | loopback-own-*:*) ;;
		*:'denied '*) ;;
		*) wrong="$wrong $name=$answer" ;;
		esac
	done <list
	is '' "$wrong" "$1: $(grep -c ' ' list) acts, each as it should be"
	is 'listening' "$(cat "$2/loopback")" "$1: nobody reached the host's loopback"
	is '2 tcp 2001:db8:1::10 80
2 tcp 203.0.113.10 80' "$(arrivals "$2")" "$1: what arrived is the allowed, and nothing else"
}

allowlist() { # IDENTITY UPLINK SYSCALLS
	place=allow-$1-$2-$3
	text="$2, $1, syscalls $3"
	mkdir -p "$place"
	printf '{"network":{"allow":["203.0.113.10 tcp 80","2001:db8:1::10 tcp 80"]},"syscalls":{"mode":"%s"}}\n' "$3" \
		>"$place/policy.json"
	cp acts.allowlist "$place/acts"
	in_lab "$1" "$2" "$place"
	is 0 "$(said "$place" status)" "$text: the run is fully enforced ($(head -c 300 "$place/err"))"
	[ "$(said "$place" status)" = 0 ] || return
	judge "$text" "$place"
	is "\"$2\" \"enforced\" \"enforced\" \"enforced\" []" "$(field "$place/r.json" evidence/egress/uplink) \
$(field "$place/r.json" promises/NET-11) $(field "$place/r.json" promises/NET-12) \
$(field "$place/r.json" promises/NET-13) $(field "$place/r.json" downgrades)" "$text: the receipt says by what"
}

# --- under unrestricted: everything but the block ------------------------------------------------------
cat >acts.open <<'END'
{
	# The connections come after the datagrams, which nobody waits for: an uplink keeps the order.
	for act in 'reached-udp dns 203.0.113.20 allowed.test' 'reached-dns dns 203.0.113.53 allowed.test' \
		'reached-peer-v4 tcp 203.0.113.20 80' 'reached-peer-v6 tcp 2001:db8:1::20 80' \
		'aws tcp 169.254.169.254 80' 'azure tcp 168.63.129.16 80' 'alibaba tcp 100.100.100.200 80' \
		'oracle tcp 192.0.0.192 80' 'aws-v6 tcp fd00:ec2::254 80' 'google-v6 tcp fd20:ce::254 80' \
		'dns-metadata dns 169.254.169.254 allowed.test' 'mapped tcp ::ffff:169.254.169.254 80'; do
		printf 'echo "%s: $("$1" %s 2>&1)"\n' "${act%% *}" "${act#* }"
	done
} >inner
"$CONFINE" run --policy policy.json --timeout 60s --report r.json --set "/filesystem/readOnly=[\"${attack%/*}\"]" \
	--script inner -- "$attack"
echo "status: $?"
END

open() { # IDENTITY UPLINK NETWORK TEXT
	place=open-$1-$2
	rm -rf "$place"
	mkdir "$place"
	printf '{"network":%s}\n' "$3" >"$place/policy.json"
	cp acts.open "$place/acts"
	in_lab "$1" "$2" "$place"
	is 'status: 0' "$(grep status: "$place/said")" "$4 by $2, $1: it runs ($(head -c 300 "$place/err"))"
	is 4 "$(grep -c '^reached-.*: reached -' "$place/said")" "$4 by $2, $1: ordinary traffic flows"
	is 8 "$(grep -v ^reached- "$place/said" | grep -c ': denied ')" "$4 by $2, $1: what is blocked is refused"
	is '1 tcp 2001:db8:1::20 80
1 tcp 203.0.113.20 80
1 udp 203.0.113.20 53
1 udp 203.0.113.53 53' "$(arrivals "$place")" "$4 by $2, $1: and does not arrive"
	is '"enforced"' "$(field "$place/r.json" promises/NET-13)" "$4 by $2, $1: and is promised"
}

# --- from outside, and a way out that ends --------------------------------------------------------------
cat >acts.inward <<'END'
cat >inner <<'PY'
import socket, sys, time
listeners = [socket.create_server(("", 8080)), socket.create_server(("::", 8081), family=socket.AF_INET6)]
for listener in listeners:
    listener.settimeout(0.8)
print("inside: listening", flush=True)
for listener in listeners:
    try:
        print("inside: accepted", listener.accept()[1], flush=True)
    except OSError as error:
        print("inside: nobody came", flush=True)
sys.stdin.readline()
try:
    socket.create_connection(("203.0.113.10", 80), 2)
    print("inside: reached", flush=True)
except OSError as error:
    print("inside: unreachable", flush=True)
PY
mkfifo go
"$CONFINE" run --policy policy.json --timeout 60s --report r.json --stdin --set "/filesystem/readOnly=[\"$PWD/inner\"]" \
	-- python3 "$PWD/inner" <go >inside 2>&1 &
run=$!
exec 8>go
tries=0
until grep -qs listening inside || [ "$tries" -ge 500 ]; do sleep 0.02; tries=$((tries + 1)); done
for where in '127.0.0.1 8080' '198.51.100.2 8080' '::1 8081' '2001:db8::2 8081'; do
	# shellcheck disable=SC2086 # two words
	echo "inward $where: $("$attack" tcp $where)"
done
uplink=
for child in $(cat "/proc/$run/task/$run/children"); do
	case $(tr '\0' ' ' <"/proc/$child/cmdline") in pasta\ * | slirp4netns\ *) uplink=$child ;; esac
done
echo "uplink: ${uplink:+found}"
echo "environment: $(tr '\0' ' ' <"/proc/$uplink/environ" 2>/dev/null)"
echo "helpers: $(cat "/proc/$run/task/$run/children" | wc -w)"
tries=0
until [ "$(grep -c 'nobody came' inside)" -eq 2 ] || [ "$tries" -ge 300 ]; do sleep 0.02; tries=$((tries + 1)); done
# The rules hold for raw sockets too, and for somebody with every capability over the namespace.
if [ "$(id -u)" -eq 0 ]; then
	for child in $(cat "/proc/$run/task/$run/children"); do
		[ "$child" = "$uplink" ] && continue
		echo "raw-root: $(nsenter -t "$child" -n "$attack" raw 203.0.113.20 253)"
		echo "raw-udplite: $(nsenter -t "$child" -n "$attack" raw 203.0.113.10 136)"
		echo "raw-sctp: $(nsenter -t "$child" -n "$attack" raw 203.0.113.10 132)"
		echo "raw-icmp: $(nsenter -t "$child" -n "$attack" ping 203.0.113.10)"
	done
fi
kill -KILL "$uplink"
tries=0
until [ "$tries" -ge 300 ]; do
	case $(sed 's/.*) \(.\) .*/\1/' "/proc/$uplink/stat" 2>/dev/null) in Z | '') break ;; esac
	sleep 0.02
	tries=$((tries + 1))
done
echo >&8
exec 8>&-
wait "$run"
echo "status: $?"
cat inside
END

inward() { # IDENTITY UPLINK
	place=inward-$1-$2
	mkdir -p "$place"
	echo '{"network":{"allow":["203.0.113.10 tcp 80"]}}' >"$place/policy.json"
	cp acts.inward "$place/acts"
	in_lab "$1" "$2" "$place"
	is 2 "$(grep -c 'inside: nobody came' "$place/said")" "$2, $1: nobody comes in ($(head -c 300 "$place/err"))"
	is '4 0' "$(grep -c '^inward' "$place/said") $(grep -c '^inward.*reached' "$place/said")" \
		"$2, $1: a port that the script listens on is not there outside"
	is found "$(said "$place" uplink)" "$2, $1: the uplink is a child of the supervisor"
	# A user may not look: pasta has closed /proc/PID to everybody of its own uid.
	[ "$1" = user ] || is 'PATH=/usr/bin:/bin LC_ALL=C ' "$(sed -n 's/^environment: //p' "$place/said")" \
		"$2, $1: with a constant environment"
	is 2 "$(said "$place" helpers)" "$2, $1: and nothing else but init is left of the set-up"
	is '0 unreachable' "$(said "$place" status) $(sed -n 's/^inside: \(.*reach.*\)/\1/p' "$place/said")" \
		"$2, $1: without the uplink nothing is reached, and the script goes on"
	ok "$(grep -q 'the uplink ended during the run' "$place/r.json"; echo $?)" "$2, $1: and the receipt says so"
	is '' "$(arrivals "$place")" "$2, $1: nothing arrived"
	[ "$1" = root ] || return
	is '0 4' "$(grep -c '^raw-.*reached' "$place/said") $(grep -c '^raw-.*: denied EPERM' "$place/said")" \
		"$2, $1: the rules hold for raw sockets of somebody with every capability"
}

# --- killed: nothing stays ---------------------------------------------------------------------------------
cat >acts.killed <<'END'
"$CONFINE" run --policy policy.json -c 'echo up; sleep 50' >inside 2>&1 &
run=$!
tries=0
until grep -qs up inside || [ "$tries" -ge 500 ]; do sleep 0.02; tries=$((tries + 1)); done
children=$(cat "/proc/$run/task/$run/children")
kill -KILL "$run"
wait "$run"
tries=0
for child in $children; do
	while [ -e "/proc/$child" ] && [ "$tries" -lt 50 ]; do
		case $(sed 's/.*) \(.\) .*/\1/' "/proc/$child/stat" 2>/dev/null) in Z) break ;; esac
		sleep 0.02
		tries=$((tries + 1))
	done
done
echo "children: $(echo "$children" | wc -w)"
echo "tries: $([ "$tries" -lt 50 ] && echo few || echo too many)"
END

killed() { # IDENTITY UPLINK
	place=killed-$1-$2
	mkdir -p "$place"
	echo '{"network":{"allow":["203.0.113.10"]}}' >"$place/policy.json"
	cp acts.killed "$place/acts"
	in_lab "$1" "$2" "$place"
	is '2 few' "$(said "$place" children) $(said "$place" tries)" "$2, $1: SIGKILL of the supervisor takes the uplink along"
}

# --- what cannot be had is refused by name -----------------------------------------------------------------
cat >acts.missing <<'END'
"$CONFINE" run --policy policy.json --report r.json -c 'echo ran'
echo "status: $?"
END

missing() { # IDENTITY UPLINK WORDS TEXT
	place=missing-$1-$2
	mkdir -p "$place"
	echo '{"network":{"allow":["203.0.113.10"]}}' >"$place/policy.json"
	cp acts.missing "$place/acts"
	in_lab "$1" "$2" "$place"
	is 'status: 125' "$(cat "$place/said")" "$4: refused"
	ok "$(grep -q "$3" "$place/err"; echo $?)" "$4: by name ($(head -c 400 "$place/err"))"
}

# --- a helper that never answers -------------------------------------------------------------------------
mkdir -p hung/bin hung/libexec/confine && cp "$CONFINE" hung/bin/confine
printf '#!/bin/sh\nexec sleep 1234%s\n' $$ >hung/libexec/confine/confine-egress
chmod 755 hung/libexec/confine/confine-egress
timeout -k 5 60 hung/bin/confine run --set '/network/mode="allowlist"' \
	--set '/network/allow=["203.0.113.10 tcp 80"]' -- /bin/true 2>err
status=$?
ok "$([ $status -eq 125 ] && grep -q 'confine-egress does not answer: nothing came of it in 5 s' err; echo $?)" \
	"a helper that hangs holds nobody up: status $status, $(head -c 200 err)"
ok "$(pgrep -fc "^sleep 1234$$\$")" '… and is gone'

# --- an uplink that never comes up is not waited for by who is told to end -----------------------------------
printf '#!/bin/sh\nexec sleep 1236%s\n' $$ >sleeper && chmod 755 sleeper
cat >called-off.sh <<'END'
for program in /usr/bin/pasta /usr/bin/slirp4netns; do
	[ ! -e $program ] || mount --bind sleeper $program || exit 3
done
exec "$CONFINE" run --set '/network/mode="allowlist"' --set '/network/allow=["203.0.113.10 tcp 80"]' --report off.json -c 'touch ran'
END
if [ "$uid" -eq 0 ] && unshare -m true 2>/dev/null; then
	unshare -m sh called-off.sh 2>err &
	pid=$!
	tries=0
	while ! pgrep -f "^sleep 1236$$\$" >/dev/null && [ $tries -lt 100 ]; do
		sleep 0.1
		tries=$((tries + 1))
	done
	kill -TERM $pid
	before=$(date +%s)
	wait $pid
	is "143 yes \"interrupted\" 0" "$? $([ $(($(date +%s) - before)) -lt 4 ] && echo yes) $(field off.json outcome) $(pgrep -fc "^sleep 1236$$\$")" \
		"TERM while an uplink starts ends the run at once: $(head -c 200 err)"
fi

# --- which of them can be shown here -------------------------------------------------------------------------
if ! "$lab" exec -- true 2>err; then
	skip 'an allowlist in the lab' "$(cat err)"
	exit 0
fi
if [ "$uid" -ne 0 ]; then
	[ -r /dev/net/tun ] && [ -w /dev/net/tun ] && skip 'a user without /dev/net/tun' 'it can be opened here' && exit 0
	missing self any 'pasta failed: .*tun.*slirp4netns failed: .*/dev/net/tun.* (' 'a user who cannot open /dev/net/tun'
	exit 0
fi
for uplink in pasta slirp4netns; do
	if ! command -v $uplink >/dev/null; then
		skip "$uplink" 'not installed'
		continue
	fi
	for identity in root user; do
		for syscalls in default off; do
			allowlist $identity $uplink $syscalls
		done
		open $identity $uplink '{"mode":"unrestricted"}' 'W19: unrestricted'
		open $identity $uplink '{"allow":["0.0.0.0/0","::/0"]}' 'W18: a wide entry'
		inward $identity $uplink
		killed $identity $uplink
	done
done
missing root none 'pasta.*slirp4netns' 'no uplink that can be executed'
missing user none 'pasta.*slirp4netns' 'no uplink for a user'
