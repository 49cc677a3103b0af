#!/bin/sh
# as: root user
# SPDX-License-Identifier: Apache-2.0
#
# teardown.test.sh - how a run ends: TERM, grace and KILL for every task, what was written until then,
# daemons that hold the pipe, and scratch on the host that its script, or somebody beside it, made
# hard to remove. With CONFINE_SOAK a million names instead of a hundred thousand.
set -u
: "${CONFINE:?}" "${TESTTMP:?}"
cd "$TESTTMP" || exit 1
umask 022
chmod 755 . # else root's scratch would not be made below it

ok() { # condition's status, text
	if [ "$1" -eq 0 ]; then echo "ok - $2"; else echo "not ok - $2"; fi
}

is() { # wanted, got, text
	if [ "$1" = "$2" ]; then
		echo "ok - $3"
	else
		echo "not ok - $3"
		printf '# wanted %s\n# got    %s\n' "$1" "$2" | head -c 600
		echo
	fi
}

run() { timeout -k 5 120 "$CONFINE" run "$@"; }
now() { date +%s%N | sed 's/......$//'; } # ms

# --- the end of a tree -----------------------------------------------------------------------------
out=$(run --timeout 2s -c 'for i in 1 2 3; do
	sh -c "trap \"echo term $i; exit\" TERM; while :; do sleep 0.05; done" & done
	(setsid sh -c "trap \"echo term 4; exit\" TERM; while :; do sleep 0.05; done" &)
	trap "sleep 0.3; exit" TERM; wait' | sort | tr '\n' ' ')
is 'term 1 term 2 term 3 term 4 ' "$out" 'TERM reaches every task, also in a session of its own'
start=$(now)
run --timeout 200ms -c 'trap "" TERM HUP INT; (trap "" TERM; setsid sh -c "trap \"\" TERM; while :; do sleep 1; done" &)
	while :; do sleep 1; done'
code=$? took=$(($(now) - start))
ok $((code != 124 || took < 1100 || took > 3000)) "who ignores it has a second of grace, then KILL ($code after $took ms)"
start=$(now)
run --timeout 20s -c '(setsid sh -c "exec sleep 30" &) ; (sleep 30 >&2 &) ; echo done' >out
code=$? took=$(($(now) - start))
ok $((code != 0 || took > 2000)) "daemons that hold both pipes do not delay the result ($code after $took ms)"
is done "$(cat out)" 'nor take any of it'
out=$(run --timeout 500ms -c 'i=0; while [ $i -lt 2000 ]; do echo "line $i"; i=$((i + 1)); done; echo partial >&2; sleep 30' 2>err | tail -n 1)
is 'line 1999 partial' "$out $(cat err)" 'what was written before the deadline is kept, on both streams'
run --timeout 300ms -c 'trap "echo last words; exit 3" TERM; while :; do sleep 0.05; done' >out
is '124 last words' "$? $(cat out)" 'also what is written in the grace, and the status is that of the deadline'
rm -f out
"$CONFINE" run -c 'trap "echo t >>f; cat f; exit" TERM; echo up; while :; do sleep 0.05; done' >out &
pid=$!
tries=0
until [ -s out ] || [ $tries -ge 100 ]; do sleep 0.05; tries=$((tries + 1)); done
kill -TERM $pid
wait $pid
is "143 up
t" "$? $(cat out)" 'TERM to the launcher is TERM to the script'
rm -f out
"$CONFINE" run -c 'trap "" TERM; echo up; while :; do sleep 0.05; done' >out &
pid=$!
tries=0
until [ -s out ] || [ $tries -ge 100 ]; do sleep 0.05; tries=$((tries + 1)); done
start=$(now)
kill -TERM $pid
sleep 0.1
kill -TERM $pid
wait $pid
code=$? took=$(($(now) - start))
ok $((code != 143 || took > 900)) "twice is KILL ($code after $took ms)"

# --- scratch on the host that is hard to remove -----------------------------------------------------
mkdir -m 755 host
TMPDIR=$TESTTMP/host
export TMPDIR
on_host='--set /filesystem/mode="off" --set /onUnavailable="degrade" --set /resources/maxProcesses=64'
left() { ls -A host; }
mkdir victim && echo precious >victim/file && chmod 755 victim

# shellcheck disable=SC2086 # several words
run $on_host -c 'ln -s '"$TESTTMP"'/victim to-victim; ln -s / to-root; ln '"$TESTTMP"'/victim/file hard 2>/dev/null
	mkdir a; ln -s ../.. a/up; ln -s . a/self; mkfifo pipe; python3 -c "
import socket; s = socket.socket(socket.AF_UNIX); s.bind(\"socket\")"'
is '0 precious' "$? $(left)$(cat victim/file)" 'links, FIFOs and sockets go, and nothing that they lead to'

# shellcheck disable=SC2086
run $on_host -c 'mkdir -p x/y/z; echo f >x/y/z/f; chmod 000 x/y/z/f x/y/z x/y x; mkdir w; chmod 0300 w; mkdir r; echo f >r/f; chmod 0500 r'
is 0 "$?$(left)" 'a tree without permissions'

# Every name is longer than half of what a path may be in all.
# shellcheck disable=SC2086
run $on_host -- python3 -c '
import os
for i in range(60):
    os.mkdir("n" * 200); os.chdir("n" * 200); open("f" * 250, "w").close()'
is 0 "$?$(left)" 'paths of 12,000 bytes'

names=100000
[ -z "${CONFINE_SOAK:-}" ] || names=1000000
start=$(now)
# shellcheck disable=SC2086
run $on_host -- python3 -c '
import os, sys
os.mkdir("many")
for i in range(int(sys.argv[1])):
    os.mknod("many/%d" % i)' $names
is 0 "$?$(left)" "$names names in one directory ($(($(now) - start)) ms)"

# shellcheck disable=SC2086
run $on_host -- python3 -c '
import os
for i in range(300):
    os.mkdir("gone.%d.0" % i); os.mkdir("gone.%d.0/x" % i); os.mkdir("d%d" % i); os.makedirs("d%d/e/f" % i)'
is 0 "$?$(left)" 'names as the removal itself makes them'

# Somebody beside the run, who may write there, exchanges a directory and a link all the while.
cat >swap.py <<'SWAP'
import ctypes, glob, os, sys, time
libc = ctypes.CDLL(None)
end = time.monotonic() + 30
while time.monotonic() < end and not os.path.exists("swap.stop"):
    for scratch in glob.glob("host/confine.*/scratch") + glob.glob("host/confine.*"):
        for _ in range(50):
            libc.renameat2(-100, (scratch + "/tree").encode(), -100, (scratch + "/link").encode(), 2)
            libc.renameat2(-100, (scratch + "/tree/in").encode(), -100, (scratch + "/tree/link").encode(), 2)
SWAP
python3 swap.py &
swapper=$!
bad=0
i=0
while [ $i -lt 25 ]; do
	# shellcheck disable=SC2086
	run $on_host -c "mkdir tree tree/in; ln -s $TESTTMP/victim link; ln -s $TESTTMP/victim tree/link
		for i in 1 2 3 4 5 6 7 8 9; do mkdir tree/d\$i tree/in/d\$i; echo >tree/d\$i/file; echo >tree/in/d\$i/file; echo >tree/file\$i; done
		exit 0" 2>err || bad=$((bad + 1))
	i=$((i + 1))
done
: >swap.stop
wait $swapper
is '0 precious 755' "$bad $(cat victim/file) $(stat -c %a victim)" "links that are swapped during the removal lead nowhere $(tail -n 1 err)"
# shellcheck disable=SC2086
run $on_host -c true
is '' "$(left)" 'and nothing stays of those runs'

if [ "$(id -u)" -eq 0 ] && unshare -m true 2>/dev/null; then
	mkdir precious && echo precious >precious/file
	unshare -m sh -c '
		mount --make-rprivate / || exit 9
		"$1" run --set "/filesystem/mode=\"off\"" --set "/onUnavailable=\"degrade\"" \
			-c "mkdir m b m/e; touch m/f; echo up; while [ ! -e go ]; do sleep 0.05; done" >up &
		pid=$!
		while [ ! -s up ]; do sleep 0.05; done
		scratch=$(echo host/confine.*/scratch)
		mount -t tmpfs -o size=64k none "$scratch/m" && mount --bind precious "$scratch/b" || exit 8
		echo here >"$scratch/m/here"
		touch "$scratch/go"
		wait $pid || exit 7
		cat "$scratch/m/here" "$scratch/b/file"
		umount "$scratch/m" "$scratch/b"
	' sh "$CONFINE" >kept 2>err
	is '0 here precious' "$? $(tr '\n' ' ' <kept | sed 's/ $//')" "what is mounted there is left alone, the run ends $(head -n 2 err)"
	# shellcheck disable=SC2086
	run $on_host -c true
	is ' precious' "$(left) $(cat precious/file)" 'and once it is unmounted the next run removes the rest'
else
	echo 'ok - mounts in scratch # SKIP only root mounts'
fi

# shellcheck disable=SC2086
prlimit --nofile=40 "$CONFINE" run $on_host -- python3 -c '
import os
for i in range(400):
    os.makedirs("%d/a/b/c" % i)
for i in range(200):
    os.mkdir("deep"); os.chdir("deep")'
is 0 "$?$(left)" 'with few descriptors of its own'

# --- the caller's own directory ---------------------------------------------------------------------
mkdir -m 777 mine
[ "$(id -u)" -ne 0 ] || chown 65534 mine
run --scratch "$TESTTMP/mine" -c 'mkdir -p a/b; echo x >a/b/c; ln -s / l; chmod 000 a/b'
is '0 a l' "$? $(echo $(ls mine))" "the caller's directory keeps what was made in it"
is '' "$(left)" 'and nothing is made beside it'
