#!/bin/sh
# as: root user
# SPDX-License-Identifier: Apache-2.0
#
# resources.test.sh - each limit at its number, for the tree where that is promised; what the receipt says
# of it; what is kept of a flood. Cgroups that this machine lacks: fixtures/hosts/cases.
set -u
: "${CONFINE:?}" "${TESTTMP:?}"
cd "$TESTTMP" || exit 1
umask 022

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

skip() { echo "ok - $1 # SKIP $2"; }
run() { timeout -k 5 60 "$CONFINE" run "$@"; }
limited() { # name=value, then as run
	set -- --set "/resources/$1" "$@"
	first=$1 second=$2
	shift 3
	run "$first" "$second" "$@"
}

# Members of a receipt, one word each; an expression of python about the receipt r.
field() { python3 -c 'import json, sys
for path in sys.argv[2:]:
    value = json.load(open(sys.argv[1]))
    for key in path.split("/"):
        value = value[int(key) if isinstance(value, list) else key]
    print("null" if value is None else str(value).lower() if isinstance(value, bool) else value, end=" ")' "$@" | sed 's/ $//'; }
true_of() { python3 -c 'import json, sys
r = json.load(open(sys.argv[1]))
u = r["usage"]
sys.exit(0 if eval(sys.argv[2]) else 1)' "$1" "$2"; }

run --report r.json --set /resources/treeCpuSeconds=60 -c true 2>refusal
groups=$?

# --- tasks: exactly as many as the number says, init not among them ----------------------------------------
cat >count.sh <<'END'
n=1
echo $n
while [ $n -lt 60 ]; do
	sleep 3 &
	n=$((n + 1))
	echo $n
done
END
for number in 2 10 33; do
	limited maxProcesses=$number --report r.json --script count.sh >out 2>/dev/null
	is $number "$(tail -n 1 out)" "maxProcesses $number: so many tasks, the shell among them"
done
if [ $groups -eq 0 ]; then
	is '33 cgroup' "$(field r.json usage/peakTasks usage/sources/peakTasks)" 'and the receipt has counted them'
	limited maxProcesses=10 --set '/privilege/mode="inherit"' --set '/onUnavailable="degrade"' --report r.json --script count.sh \
		>out 2>/dev/null
	is '10 cgroup pids' "$(tail -n 1 out) $(python3 -c 'import json
print([l["mechanism"] for l in json.load(open("r.json"))["limits"] if l["name"] == "maxProcesses"][0])')" \
		'by the group alone, where the kernel counts none of the identity'
else
	is 'null' "$(field r.json usage/peakTasks)" 'nobody has counted them, and the receipt says so'
fi
if [ "$(id -u)" -eq 0 ]; then
	unshare --mount --propagation private sh -c 'mount -t tmpfs none /sys/fs/cgroup && exec "$@"' sh \
		"$CONFINE" run --set /resources/maxProcesses=10 --report r.json --script count.sh >out 2>/dev/null
	is '10 null' "$(tail -n 1 out) $(field r.json usage/peakTasks)" 'without a cgroup: by an identity of its own'
fi
limited maxProcesses=10 -- "$BUILD/libexec/confine/confine-attack" thread-many 40 1 >out 2>&1
ok $(($(grep -c 'denied EAGAIN' out) != 1)) 'threads are tasks'

# --- CPU time of one process ------------------------------------------------------------------------------------
limited cpuSeconds=1 --report r.json -c 'while :; do :; done'
is '137 limit cpuSeconds SIGKILL' "$? $(field r.json outcome limitFired signal)" 'cpuSeconds: ended at the number'
ok $(($(grep -c 'limitWitness.*the clock that the kernel holds' r.json) != 1)) 'and it is said how that is known'
cat >suicide.py <<'END'
#!/usr/bin/env python3
import os, signal, time
while time.clock_gettime(~0 << 3) < 0.95:  # the clock of the limit: others differ by a fifth
    pass
os.kill(os.getpid(), signal.SIGKILL)
END
limited cpuSeconds=1 --report r.json --script suicide.py
is '137 signaled null null' "$? $(field r.json outcome limitFired limitWitness)" \
	'a script that kills itself shortly before is no limit that fired'

# --- CPU time of the tree ------------------------------------------------------------------------------------
if [ $groups -eq 0 ]; then
	processors=$(nproc)
	limited treeCpuSeconds=1 --report r.json -c 'for i in 1 2 3 4 5; do (while :; do :; done) & done; wait'
	is '137 limit treeCpuSeconds cgroup' "$? $(field r.json outcome limitFired usage/sources/cpuSeconds)" \
		'treeCpuSeconds: busy children share one budget'
	ok "$(true_of r.json "1 <= u['cpuSeconds'] < 1.5 + 0.05 * $processors"; echo $?)" \
		"ended close to it: $(field r.json usage/cpuSeconds) s"
	# Tasks that ended, and that nobody waited for: rusage has none of these.
	cat >unwaited.py <<'END'
#!/usr/bin/env python3
import os, signal, time
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
while True:
    if os.fork() == 0:
        while time.process_time() < 0.05:
            pass
        os._exit(0)
    time.sleep(0.04)
END
	limited treeCpuSeconds=1 --report r.json --timeout 20s --script unwaited.py
	is '137 treeCpuSeconds' "$? $(field r.json limitFired)" 'short-lived children that nobody waits for count too'
	limited treeCpuSeconds=1 --report r.json --timeout 20s -c 'setsid sh -c "while :; do :; done" & sleep 15'
	is '137 treeCpuSeconds' "$? $(field r.json limitFired)" 'and daemons'
	limited treeCpuSeconds=1 --report r.json -c 'sleep 1.3; echo done' >out
	is '0 done null' "$? $(cat out) $(field r.json limitFired)" 'time that passes is not spent'
	is enforced "$(field r.json promises/RES-11)" 'RES-11 is promised'
	run --report r.json -c true
	is degraded "$(field r.json promises/RES-11)" 'and is not without a number for the time of the tree'
	ok $(($(grep -c 'treeCpuSeconds is not set' r.json) != 1)) 'which a note says'
else
	is 125 $groups 'treeCpuSeconds without a cgroup is refused'
	ok $(($(grep -c 'sampling the others is no cap' refusal) != 1)) 'with the reason'
	limited treeCpuSeconds=1 --set '/onUnavailable="degrade"' --report r.json -c 'echo hi' >out
	is 'hi degraded false' "$(cat out) $(field r.json promises/RES-11 enforced/resources)" 'or degraded, and said so'
	ok "$(true_of r.json "not [l for l in r['limits'] if l['name'] == 'treeCpuSeconds']"; echo $?)" 'no limit of that name is listed'
fi

# --- memory --------------------------------------------------------------------------------------------------
attack=$BUILD/libexec/confine/confine-attack
limited memoryBytes=67108864 --report r.json -- "$attack" memory-private 256M 16M >out 2>&1
ok $(($(grep -c 'denied' out) != 1)) 'private memory stops at the number'
if [ $groups -eq 0 ]; then
	for kind in shared memfd; do
		limited memoryBytes=67108864 --report r.json -- "$attack" memory-$kind 256M 16M >out 2>&1
		# Pages of a memfd go with their last descriptor: the kernel may have to end the script itself.
		ok $(($(grep -c 'denied' out) != 1)) "$kind memory too" >said
		[ "$(field r.json limitFired)" = memoryBytes ] && echo "ok - $kind memory too" || cat said
	done
	limited memoryBytes=67108864 --report r.json -- "$attack" memory-tree 4 32M 16M >out 2>&1
	ok $(($(grep -c 'denied' out) != 1)) 'and what four processes have together'
	ok "$(true_of r.json "16 << 20 < u['peakMemoryBytes'] <= 64 << 20 and u['sources']['peakMemoryBytes'] == 'cgroup'"; echo $?)" \
		'the peak was the number at most'
	limited memoryBytes=33554432 --report r.json -c 'x=0123456789abcdef; while :; do x=$x$x; done' 2>/dev/null
	is '137 limit memoryBytes' "$? $(field r.json outcome limitFired)" 'the receipt says which limit fired'
else
	ok "$(true_of r.json "[l['scope'] for l in r['limits'] if l['name'] == 'memoryBytes'] == ['partial']"; echo $?)" \
		'without a cgroup the scope is partial'
	is 'largest task that was waited for' "$(field r.json usage/sources/peakMemoryBytes)" 'and the peak is one of a task'
fi

# --- files -----------------------------------------------------------------------------------------------------
limited maxFileSizeBytes=100000 --report r.json -- head -c 200000 /dev/zero >/dev/null
is '0 null' "$? $(field r.json limitFired)" 'a pipe is no file'
limited maxFileSizeBytes=100000 --report r.json -c 'exec head -c 200000 /dev/zero >big'
is '137 maxFileSizeBytes' "$? $(field r.json limitFired)" 'maxFileSizeBytes'
ok $(($(grep -c 'limitWitness.*which a script can send to itself' r.json) != 1)) 'and on what little that rests'
ok "$(true_of r.json "100000 <= u['scratchBytes'] < 120000"; echo $?)" "what was written lay in scratch: $(field r.json usage/scratchBytes)"
limited maxOpenFiles=16 -c 'exec 3</dev/null 4<&3 5<&3 6<&3 7<&3 8<&3 9<&3; ulimit -n' >out
is 16 "$(cat out)" 'maxOpenFiles'
limited diskBytes=1048576 --report r.json -c 'for place in . /tmp /dev/shm /var/tmp; do
	head -c 600000 /dev/zero >$place/file 2>/dev/null; done; cat ./file /tmp/file /dev/shm/file | wc -c' >out
ok $(($(cat out) > 1048576)) "diskBytes holds over all writable places together: $(cat out)"
ok "$(true_of r.json "1000000 < u['scratchBytes'] <= 1048576"; echo $?)" "and what lay there is told: $(field r.json usage/scratchBytes)"
ok "$(true_of r.json "[(l['value'], l['scope']) for l in r['limits'] if l['name'] == 'diskBytes'] == [(1048576, 'tree')]"; echo $?)" \
	'a limit of the tree'

# --- what is kept of more output than the budget ----------------------------------------------------------------
keep() { # word, then as run
	word=$1
	shift
	run --set "/resources/outputKeep=\"$word\"" --report r.json "$@"
}
seq 100000 >all
keep head --set /resources/maxOutputBytes=100 -c 'seq 100000' >out
is "137 limit maxOutputBytes true $(head -c 100 all | cksum)" \
	"$? $(field r.json outcome limitFired outputTruncated) $(cksum <out)" 'head: the start, and the tree is killed'
keep tail --set /resources/maxOutputBytes=100 -c 'seq 100000; exit 3' >out
is "3 exited null true $(tail -c 100 all | cksum)" \
	"$? $(field r.json outcome limitFired outputTruncated) $(cksum <out)" 'tail: the end, and the run goes on'
is "100 $(($(wc -c <all) - 100))" "$(field r.json usage/outputBytes usage/outputDroppedBytes)" 'the receipt says how much was dropped'
keep both --set /resources/maxOutputBytes=100 -c 'seq 100000; exit 3' >out
is "3 true $({ head -c 50 all; tail -c 50 all; } | cksum)" "$? $(field r.json outputTruncated) $(cksum <out)" 'both: half of each'
for word in tail both; do
	keep $word --set /resources/maxOutputBytes=$(($(wc -c <all) + 4)) -c 'echo err >&2; seq 100000' >out 2>err
	is "false $(cksum <all) err" "$(field r.json outputTruncated) $(cksum <out) $(cat err)" "$word: all of it, where it fits"
	keep $word --set /resources/maxOutputBytes=1000 -c 'echo first >&2; seq 100000; echo last >&2' >out 2>err
	is 'first last' "$(tr '\n' ' ' <err | sed 's/ $//')" "$word: a flood on one does not cost the other anything"
	# Two-byte characters from an odd place: no character is split at either cut.
	keep $word --set /resources/maxOutputBytes=101 -c 'i=0; while [ $i -lt 300 ]; do printf "\303\244"; i=$((i+1)); done' >out
	is 0 "$(python3 -c 'open("out", encoding="utf-8").read()' 2>/dev/null; echo $?)" "$word: a cut splits no character"
	ok $(($(wc -c <out) > 101 || $(wc -c <out) < 97)) "and loses no more than it has to: $(wc -c <out) of 101"
	keep $word --set /resources/maxOutputBytes=1000 --timeout 500ms -c 'seq 100000; echo the end; sleep 20' >out
	is '124 the end timeout' "$? $(tail -n 1 out) $(field r.json outcome)" "$word: what was written before a deadline is kept"
	keep $word --set /resources/maxOutputBytes=1000 -c 'seq 100000; kill -9 $$' >out
	is '137 100000' "$? $(tail -n 1 out)" "$word: and before a death"
	keep $word --set /resources/maxOutputBytes=1000000 -c 'seq 100000' 2>/dev/null | head -n 1 >out
	is 1 "$(cat out)" "$word: a reader that leaves is no trouble"
done
# Memory: of the supervisor, its children left out.
python3 - "$CONFINE" <<'END'
import os, re, subprocess, sys, threading
peaks = {}
for word in "head", "tail", "both":
    child = subprocess.Popen([sys.argv[1], "run", "--set", f'/resources/outputKeep="{word}"', "--set",
                              "/resources/maxOutputBytes=4194304", "--timeout", "3s", "--", "cat", "/dev/zero"],
                             stdout=subprocess.DEVNULL)
    peak = 0
    while child.poll() is None:
        try:
            found = re.search(r"VmHWM:\s*(\d+)", open(f"/proc/{child.pid}/status").read())
            peak = max(peak, int(found.group(1)) if found else 0)
        except OSError:
            pass
        threading.Event().wait(0.02)
    peaks[word] = peak
print(("ok" if all(p < 4096 + 8192 for p in peaks.values()) else "not ok") +
      f" - a flood against 4 MiB: the supervisor never had 8 MiB more than that: {peaks} KiB")
END

# --- what was used -------------------------------------------------------------------------------------------------
run --report r.json -c 'head -c 300000 /dev/zero >file; echo hi' >out
ok "$(true_of r.json "u['outputBytes'] == 3 and u['outputDroppedBytes'] == 0 and 300000 <= u['scratchBytes'] < 310000"; echo $?)" \
	'bytes passed on and bytes left in scratch'
mkdir -m 777 mine
run --scratch "$TESTTMP/mine" --report r.json -c true
ok "$(true_of r.json "u['scratchBytes'] is not None"; echo $?)" 'what is in the places of our own is told beside a scratch of the caller'
run --set '/filesystem/mode="off"' --set '/onUnavailable="degrade"' --report r.json -c true
is null "$(field r.json usage/scratchBytes)" 'and is null where nothing writable is our own'
run --set '/onUnavailable="fail"' --set '/network/allow=["192.0.2.1"]' --set '/privilege/uid=0' --report r.json -c true 2>/dev/null
ok "$(true_of r.json "r['outcome'] != 'refused' or (u['cpuSeconds'] is None and u['sources'] == {})"; echo $?)" 'of a run that was refused nothing was used'
