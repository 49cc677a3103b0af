#!/bin/sh
# as: root user
# SPDX-License-Identifier: Apache-2.0
#
# landlock.test.sh - the domain: what it adds behind the mounts (seen where a mount wall is left out by
# the build that lies), what it keeps alone (seen where namespaces are taken away), and that ordinary
# work does not meet it.
set -u
: "${CONFINE:?}" "${TESTTMP:?}" "${SRC:?}"
cd "$TESTTMP" || exit 1
umask 022
chmod 711 . # alone, the script is who it is on the host, and has to get here
mutant=${SABOTAGE:-/nonexistent}/bin/confine

is() { # wanted, got, text
	if [ "$1" = "$2" ]; then
		echo "ok - $3"
	else
		echo "not ok - $3"
		printf '# wanted %s\n# got    %s\n' "$1" "$2" | head -c 600
		echo
	fi
}
skip() { echo "ok - $1 # SKIP $2"; }
run() { timeout -k 5 60 "$CONFINE" run "$@"; }
lie() { timeout -k 5 60 "$mutant" run "$@"; }

# Members of a receipt, by their keys.
field() { python3 -c 'import json,sys
receipt = json.load(open(sys.argv[1]))
def at(path):
    value = receipt
    for key in path.split("/"):
        value = value.get(key) if isinstance(value, dict) else None
    return value if isinstance(value, str) else json.dumps(value)
print(*[at(path) for path in sys.argv[2:]])' "$@"; }

run --report r.json -- /bin/true 2>err
if [ "$(field r.json promises/FS-21)" != enforced ]; then
	skip 'Landlock' "this host has no two walls: $(head -c 200 err)"
	exit 0
fi
abi=$(field r.json evidence/landlock/abi)

# --- behind the mounts ------------------------------------------------------------------------------
is '["reading /run/confine/outside: EACCES", "writing /proc/self/comm: EACCES", "opening scratch: as before"]' \
	"$(field r.json evidence/landlock/selfTried)" 'the domain was tried before the script, and the receipt says how'
is 1 "$(field r.json mechanism/filesystem | grep -c "; Landlock ABI $abi inside it")" 'it is part of the mechanism'
run --set /filesystem/landlock='"off"' --report r.json -c 'cat /run/confine/outside; echo x >/proc/self/comm' 2>err
is '0 null null' "$? $(field r.json promises/FS-21 evidence/landlock)" 'off: there is none, and nothing is promised'
run --set /filesystem/landlock='"on"' -- /bin/true
is 0 $? 'on: where the host has it'
run --set /filesystem/landlock='"on"' --set /filesystem/mode='"off"' -- /bin/true 2>err
is '125 1' "$? $(grep -c 'filesystem: no Landlock domain: it needs mode' err)" 'on, without files to guard, is refused'

# Not below /tmp: rules add up, and the script may write there.
apart=$(mktemp -d /var/tmp/confine-landlock.XXXXXX) && chmod 755 "$apart" && apart=$(cd "$apart" && pwd -P) || exit 1
trap 'rm -rf "$apart"' EXIT
cd "$apart" || exit 1
mkdir -p shown/below && chmod 777 shown shown/below && echo kept >shown/file && chmod 666 shown/file
acts='echo x >>$D/file; echo x >$D/new; mkdir $D/d; rm $D/file; mv $D/file $D/moved; ln $D/file $HOME/l; truncate -s 0 $D/file; cat $D/file'
try() { # PROGRAM NAME OPTIONS…: what is left of shown/, and what the script got
	"$@" --set "/filesystem/readOnly=[\"$PWD/shown\"]" --env "D=$PWD/shown" -c "$acts" 2>err
	ls shown | tr '\n' ' '
}
is "kept
below file " "$(try run)" 'what is shown is read and not written'
is 0 "$(grep -c 'Permission denied' err)" '… by the mounts, which are asked first'
if [ -x "$mutant" ]; then
	for step in mount.read-only mount.recursive; do
		is "kept
below file " "$(try lie --sabotage $step)" "$step left out: nothing is written all the same"
	done
	lie --sabotage mount.read-only --set "/filesystem/readOnly=[\"$PWD/shown\"]" -c "echo x >>$PWD/shown/file" 2>err
	is 1 "$(grep -c 'Permission denied' err)" '… by the domain'
	is kept "$(cat shown/file)" '… and the file is as it was'
	lie --sabotage mount.read-only --sabotage landlock.wall --set "/filesystem/readOnly=[\"$PWD/shown\"]" \
		-c "echo x >>$PWD/shown/file" 2>err
	is 'kept x' "$(tr '\n' ' ' <shown/file | sed 's/ $//')" 'both left out: it is written'
	echo kept >shown/file
	# Without a mount namespace at all.
	echo secret >loot && chmod 644 loot
	is 1 "$(lie --sabotage namespace.mount -c "cat $PWD/loot; echo x >>$PWD/shown/file" 2>&1 | grep -c 'loot: Permission denied')" \
		'namespace.mount left out: what is not shown is not read'
	is kept "$(cat shown/file)" '… nor written'
	lie --sabotage-keep-readback landlock.wall -c 'echo ran' >out 2>err
	is '125 0 1' "$? $(grep -c ran out) $(grep -c 'landlock.wall was set up, but what is seen differs' err)" \
		'a domain that does not show itself refuses the run'
else
	skip 'one wall left out' 'no sabotage build'
fi

cd "$TESTTMP" || exit 1
around=$(mktemp -d /tmp/confine-landlock.XXXXXX) && chmod 755 "$around" && around=$(cd "$around" && pwd -P) && mkdir "$around/in" || exit 1
run --set "/filesystem/readOnly=[\"$around/in\"]" --report r.json -- /bin/true
is 'degraded enforced 1' "$(field r.json promises/FS-21 promises/FS-01) $(field r.json notes | grep -c "$around/in from being written, for it lies in /tmp")" \
	'what is shown in /tmp has one wall, and that is said'
rmdir "$around/in" "$around"

# --- ordinary work -------------------------------------------------------------------------------------
same() { # text, script: the same inside as with the domain off
	run --set /filesystem/landlock='"off"' -c "$2" >off 2>&1
	off=$?
	run -c "$2" >on 2>&1
	is "$off $(cat off)" "$? $(cat on)" "ordinary: $1"
}
same 'the root and /dev are listed' 'ls / /dev /proc/self | sort'
same 'files move and link between directories' \
	'mkdir a b && echo x >a/f && mv a/f b/g && ln b/g a/h && mv b /tmp/c && cat a/h /tmp/c/g && stat -c %h a/h'
same 'every kind of file but devices' \
	'mkfifo p && ln -s p l && truncate -s 9 t && python3 -c "import socket; socket.socket(socket.AF_UNIX).bind(\"s\")" && ls'
same 'devices' 'echo x >/dev/null && echo x >/dev/zero; head -c 4 /dev/zero | wc -c; test -t 0 </dev/null; echo $?; echo x >/dev/full'
same 'standard streams by their names' 'echo out >/dev/stdout; echo err >/dev/stderr; cat </dev/stdin; cat /proc/self/fd/0'
same 'shared memory' 'python3 -c "
from multiprocessing import shared_memory, Pool
m = shared_memory.SharedMemory(create=True, size=100); m.buf[0] = 7; print(m.buf[0]); m.close(); m.unlink()
with Pool(2) as p: print(p.map(abs, [-1, -2]))"'
same 'loopback TCP and abstract sockets of its own' 'python3 -c "
import socket
for family, at in ((socket.AF_INET, (\"127.0.0.1\", 0)), (socket.AF_UNIX, \"\0x\")):
    s = socket.socket(family); s.bind(at); s.listen(); c = socket.socket(family); c.connect(s.getsockname()); print(s.accept()[0].fileno() > 0)"'
same 'signals to its own' 'sleep 60 & kill $! && wait $! 2>/dev/null; echo $?' 2>/dev/null
same 'a program of its own' 'printf "#!/bin/sh\necho made\n" >p && chmod 755 p && ./p && cp /bin/echo e && ./e copied'
same 'small limits' 'ulimit -n 4; echo ok'
run --set /resources/maxOpenFiles=8 -- /bin/true
is 0 $? 'the trial needs no descriptors of the script'

# --- alone ------------------------------------------------------------------------------------------
"${CC:-gcc}" -std=gnu17 -D_GNU_SOURCE -O2 -static -o take-away "$SRC/conformance/tests/taken-away.c" || exit 1
echo secret >loot && chmod 644 loot
(umask 0 && mkdir -p own && echo own >own/file)
mkdir -p plain && chmod 777 plain
[ "$(id -u)" -ne 0 ] || chown 61999:61999 own own/file
alone() { timeout -k 5 60 ./take-away filter "$CONFINE" run --set /onUnavailable='"degrade"' --report r.json "$@"; }

./take-away filter "$CONFINE" run -- /bin/true 2>err
is '125 1' "$? $(grep -c 'filesystem: no root of its own: Landlock alone' err)" 'alone: fail refuses, and says what is there'
alone -c 'echo ran && echo x >file && cat file && ls /usr >/dev/null && python3 -c "print(1)"' >out 2>err
is '0 ran x 1' "$? $(tr '\n' ' ' <out | sed 's/ $//')" 'alone: a script runs, and writes in scratch'
is 'degraded enforced degraded' "$(field r.json promises/FS-01 promises/FS-03 promises/FS-21)" \
	'alone: secrets are kept; what no version of Landlock covers is said'
is 1 "$(field r.json mechanism/filesystem | grep -c "Landlock ABI $abi alone")" '… and named as the mechanism'
is '["reading /: EACCES", "writing /proc/self/comm: EACCES", "opening scratch: as before"]' \
	"$(field r.json evidence/landlock/selfTried)" '… with what was tried'
for act in "cat $PWD/loot" "echo x >>$PWD/own/file" "echo x >$PWD/plain/new" "rm $PWD/own/file" "mv $PWD/own/file $PWD/own/moved" \
	"ln $PWD/own/file link" "truncate -s 0 $PWD/own/file" "mkdir $PWD/plain/d" "ls $PWD" 'ls /' 'ls /tmp' \
	'cp /bin/true /dev/shm/x' "$PWD/take-away quota /bin/true"; do
	alone -c "$act" >out 2>err
	is '1 0' "$(grep -ciE 'denied|not permitted|Invalid cross-device' err) $(grep -c secret out)" "alone: refused: $(echo "$act" | sed "s|$PWD|…|g")"
done
is 'own own' "$(cat own/file) $(cat own/*)" '… and nothing changed'
# Processes of the caller's, of the same uid where the caller is a user.
env MARK=seen sleep 60 &
neighbour=$!
alone -c "cat /proc/$neighbour/environ; cat /proc/$neighbour/fd/0; kill -0 $neighbour" >out 2>err
is '0 3' "$(grep -ac MARK out) $(grep -ciE 'denied|not permitted' err)" 'alone: no process outside is read, nor signalled'
kill "$neighbour"
wait "$neighbour" 2>/dev/null
alone -c 'python3 -c "
import socket
s = socket.socket(); s.bind((\"127.0.0.1\", 0))" && echo bound' >out 2>err
is 0 "$(grep -c bound out)" 'alone: TCP is refused where the policy denies the network'
alone --set /filesystem/hide='["/usr/share/doc", "/home"]' -- /bin/true
is 'degraded 1 0' "$(field r.json promises/FS-03) $(field r.json downgrades | grep -c 'doc is not hidden') $(field r.json downgrades | grep -c 'home is not hidden')" \
	'alone: what cannot be hidden in a tree that is shown is named'
mkdir -p ro && echo shown >ro/file && chmod 755 ro
is shown "$(alone --set "/filesystem/readOnly=[\"$PWD/ro\"]" -c "cat $PWD/ro/file; echo x >$PWD/ro/file" 2>/dev/null)" \
	'alone: readOnly is read'
is shown "$(cat ro/file)" '… only'
mkdir -p work && chmod 777 work
alone --scratch "$PWD/work" -c 'echo mine >file && mkdir d && mv file d' && is mine "$(cat work/d/file)" "alone: the caller's scratch is written"
rm -rf work ro own plain loot
