#!/bin/sh
# as: root user
# SPDX-License-Identifier: Apache-2.0
#
# run.test.sh - `confine run` against the real kernel: statuses, deadlines, limits, scripts, bytes,
# what is visible, what is left. T-numbers are those of the upstream behaviours.
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

run() { timeout -k 5 60 "$CONFINE" run "$@"; }

# One member of a receipt, in python for want of anything smaller that is always there.
field() { python3 -c 'import json,sys
value = json.load(open(sys.argv[1]))
for key in sys.argv[2].split("/"):
    value = value[int(key) if isinstance(value, list) else key]
print(json.dumps(value))' "$1" "$2"; }

# --- the script's own end ----------------------------------------------------------------------
is hi "$(run -c 'echo hi')" 'T1, T128: echo hi under the shipped default'
bad=
status=0
while [ $status -le 255 ]; do
	run -c "exit $status" >/dev/null 2>&1
	[ $? -eq $status ] || bad="$bad $status"
	status=$((status + 1))
done
is '' "$bad" 'every exit status from 0 to 255 passes through'
run --report r.json -c 'exit 124'
is '"exited" 124 false' "$(field r.json outcome) $(field r.json exitCode) $(field r.json timedOut)" \
	"a script's own 124 is told apart in the receipt"
run -c 'kill -TERM $$'
is 143 $? 'killed by its own signal: 128+n'
run --report r.json -c 'kill -KILL $$'
is '137 "signaled" "SIGKILL" null' \
	"$? $(field r.json outcome) $(field r.json signal) $(field r.json limitFired)" \
	"a script's own SIGKILL is no limit"
run --report r.json -- /nonexistent 2>/dev/null
is '127 "not-found"' "$? $(field r.json outcome)" 'an absolute path that is not there: 127'
run -- no-such-command 2>/dev/null
is 127 $? 'a name that is nowhere: 127'
run --report r.json -- /etc/passwd 2>/dev/null
is '126 "cannot-execute"' "$? $(field r.json outcome)" 'found but not executable: 126'
is 'a b' "$(run -- echo 'a b')" 'a command with its arguments'
is 'x y' "$(run -c 'echo $1 $2' x y)" 'arguments of a script'

# --- deadline ----------------------------------------------------------------------------------
out=$(run --timeout 300ms --report r.json -c 'echo before; sleep 30')
is '124 before true "timeout"' "$? $out $(field r.json timedOut) $(field r.json outcome)" \
	'a deadline ends the tree and keeps what was said'
before=$(date +%s)
run --timeout 300ms -c 'trap "" TERM; while :; do sleep 1; done' 2>/dev/null
is 124 $? 'a script that ignores TERM is killed'
ok $(($(date +%s) - before > 5)) 'after one second of grace'
is 'cleaned' "$(run --timeout 300ms -c 'trap "echo cleaned; exit 0" TERM; while :; do sleep 0.1; done')" \
	'TERM comes first'
before=$(date +%s)
is bg "$(run -c 'sleep 30 & (setsid sleep 30 &) ; echo bg')" 'a background child does not delay the end'
ok $(($(date +%s) - before > 5)) 'nor one in another session'

# --- output ------------------------------------------------------------------------------------
is 200 "$(run --set /resources/maxOutputBytes=200 -c 'yes 0123456789 | head -n 200' | wc -c)" \
	'T9: at most the budget'
run --set /resources/maxOutputBytes=4096 --timeout 20s --report r.json -c 'yes' >out
is '137 4096 true false "maxOutputBytes"' \
	"$? $(wc -c <out) $(field r.json outputTruncated) $(field r.json timedOut) $(field r.json limitFired)" \
	'T10: an endless writer is killed at the cap'
run --set /resources/maxOutputBytes=10000 -c 'yes & yes >&2' >out 2>err
ok $(($(cat out err | wc -c) != 10000)) 'one budget over both streams'
run --set /resources/maxOutputBytes=100 --report r.json -c 'head -c 100 /dev/zero' >out
is '0 100 false' "$? $(wc -c <out) $(field r.json outputTruncated)" 'reaching the cap exactly is no truncation'
head -c 300000 /dev/urandom >bytes
is "$(cksum <bytes)" "$(run --stdin -c cat <bytes | cksum)" 'bytes pass unchanged, both ways'
is '' "$(run -c 'cat')" 'without --stdin the script reads end of file'
run -c 'yes' | head -n 1 >/dev/null
ok $? 'a reader that leaves ends the writer'

# --- limits ------------------------------------------------------------------------------------
run --set /resources/cpuSeconds=1 --report r.json -c 'while :; do :; done'
is '137 "cpuSeconds"' "$? $(field r.json limitFired)" 'processor time'
run --set /resources/maxFileSizeBytes=1000 --report r.json -- head -c 2000 /dev/zero >/dev/null
is 0 $? 'file size is about files'
run --set /resources/maxFileSizeBytes=1000 --report r.json -c 'exec head -c 2000 /dev/zero >f'
is '137 "maxFileSizeBytes"' "$? $(field r.json limitFired)" 'size of a file'
is 20 "$(run --set /resources/maxOpenFiles=20 -c 'ulimit -n')" 'open files'
cat >bomb.py <<'BOMB'
import os, time
count = 1
try:
    while count < 200:
        if os.fork() == 0:
            time.sleep(30)
            os._exit(0)
        count += 1
except BlockingIOError:
    pass
print(count)
BOMB
is 30 "$(run --timeout 20s --set /resources/maxProcesses=30 --script bomb.py -- 2>/dev/null ||
	run --timeout 20s --set /resources/maxProcesses=30 --stdin -- python3 - <bomb.py)" \
	'maxProcesses counts the tasks of the script, and only those'
run --timeout 20s --set /resources/maxProcesses=64 --report r.json \
	-c 'b() { b | b & }; b; sleep 1; exit 0' >/dev/null 2>&1
code=$?
ok $((code == 124 || code == 125)) 'T126: a shell bomb is contained'
is '[] true true true true' "$(field r.json downgrades) $(field r.json enforced/resources) \
$(field r.json enforced/filesystem) $(field r.json enforced/network) $(field r.json enforced/privilege)" \
	'T126: with all four layers enforced and no downgrade'
is still "$(echo still)" 'T126: the supervisor can fork'
run --set /resources/memoryBytes=50000000 --report r.json \
	-- python3 -c 'x = bytearray(300000000)' 2>/dev/null
code=$?
ok $((code != 137 && code != 1)) 'memory stops at the number'
is 1 "$(run --set /filesystem/scratchBytes=1000000 -c 'head -c 5000000 /dev/zero >f 2>/dev/null; echo $?')" \
	'scratchBytes is honoured'
is 1 "$(run --set /filesystem/scratchBytes=1000000 -c 'head -c 5000000 /dev/zero >/dev/shm/f 2>/dev/null; echo $?')" \
	'and bounds shared memory files too'

# --- what is visible ---------------------------------------------------------------------------
is 'written' "$(run -c 'echo written >f; cat f')" 'T12: a file in its working directory'
ok "$(run -c 'touch /usr/x /etc/x /x /dev/x 2>/dev/null; [ -e /usr/x ] || [ -e /etc/x ] || [ -e /x ] || [ -e /dev/x ]' &&
	echo 1 || echo 0)" 'nothing else can be written'
is '' "$(run -c 'ls -d /root /home /work /var/log /sys /opt 2>/dev/null')" 'the rest of the host is absent'
is 1 "$(run -c 'ls /proc | grep -c "^1$"')" 'a /proc of its own'
ok "$(run -c '[ $$ -gt 1 ]'; echo $?)" 'the script is never process 1'
ok "$(run -c 'cat /proc/1/environ' >out 2>/dev/null; [ -s out ] && echo 1 || echo 0)" \
	"init's environment cannot be read"
is '' "$(run -c 'tr -d "\0" </proc/1/cmdline')" "init's arguments are empty"
is '  lo' "$(run -c 'sed 1,2d /proc/net/dev' | cut -d: -f1 | sed 's/^ */  /' | grep -v 'tunl\|sit\|gre\|vti' )" \
	'only a loopback interface'
is '0000000000000000 1' "$(run -c 'grep CapBnd /proc/self/status | cut -f2; grep NoNewPrivs /proc/self/status | cut -f2' | tr '\n' ' ' | sed 's/ $//')" \
	'no capability, no new privileges'
ok "$(run -c '[ "$(id -u)" -ne 0 ]'; echo $?)" 'never uid 0'
is '0 1 2' "$(run -c 'cd /proc/self/fd; for i in *; do [ -e $i ] && echo $i; done' 9</dev/null | sort -n | head -n 3 | tr '\n' ' ' | sed 's/ $//')" \
	'standard descriptors are there'
is '' "$(run -c 'ls /proc/self/fd/9 2>/dev/null' 9</etc/passwd)" 'an inherited descriptor is not'
is 'confine' "$(run -c 'cat /proc/sys/kernel/hostname')" 'a host name of its own'
mkdir -p shown hidden
echo seen >shown/file
echo secret >hidden/file
is seen "$(run --set "/filesystem/readOnly=[\"$TESTTMP/shown\"]" -c "cat $TESTTMP/shown/file")" 'readOnly shows'
ok "$(run --set "/filesystem/readOnly=[\"$TESTTMP/shown\"]" -c "echo x >$TESTTMP/shown/file" 2>/dev/null && echo 1 || echo 0)" \
	'and is read-only'
is '' "$(run --set "/filesystem/readOnly=[\"$TESTTMP\"]" --set "/filesystem/hide=[\"$TESTTMP/hidden\",\"$TESTTMP/shown/file\"]" \
	-c "ls $TESTTMP/hidden; cat $TESTTMP/shown/file" 2>/dev/null)" 'hide covers directories and files'
mkdir -p scratch
chmod 777 scratch
is "$TESTTMP/scratch" "$(run --scratch "$TESTTMP/scratch" -c 'pwd; echo kept >f')" "the caller's scratch, at its own path"
is kept "$(cat scratch/f)" 'what is written there stays'
rm -f scratch/f
mkdir -p closed
chmod 755 closed
if [ "$(id -u)" -eq 0 ]; then
	run --scratch "$TESTTMP/closed" -c 'true' 2>err
	is '125 1' "$? $(grep -c 'cannot write' err)" 'a scratch that the identity cannot write is refused with advice'
fi

# --- environment -------------------------------------------------------------------------------
is 'LD=' "$(LD_PRELOAD='' run --env LD_PRELOAD=/evil.so -c 'echo LD=$LD_PRELOAD')" 'T6: LD_PRELOAD is dropped'
run --env LD_PRELOAD=/evil.so --env BASH_ENV=x --env FINE=1 --report r.json -c 'true'
is '["LD_PRELOAD", "BASH_ENV"]' "$(field r.json droppedEnvironment)" 'and reported'
is 0 "$(SUPERVISOR_SECRET=hunter2 run -c 'env' | grep -c hunter2)" "T8: the caller's variables do not appear"
is yes "$(run --env WANTED=yes -c 'echo $WANTED')" '--env reaches the script'
is '/tmp/scratch /tmp' "$(run -c 'echo $HOME $TMPDIR')" 'HOME and TMPDIR point to what is there'
is '/evil.so' "$(run --set /enabled=false --env LD_PRELOAD=/evil.so -c 'echo $LD_PRELOAD' 2>/dev/null)" \
	'T7: disabled means a plain merge'
run --set /enabled=false --report r.json -c 'true'
is 'false false' "$(field r.json enforced/resources) $(field r.json enforced/filesystem)" 'T5: and nothing enforced'

# --- scripts -----------------------------------------------------------------------------------
printf '#!/bin/sh\necho shell $#\n' >s.sh
is 'shell 2' "$(run --script s.sh a b)" 'by #! line: sh'
printf '#!/bin/bash\necho bash ${BASH_VERSION%%%%.*}\n' >s.bash
is 1 "$(run --script s.bash | grep -c '^bash [0-9]')" 'by #! line: bash'
printf '#!/usr/bin/python3\nprint("python")\n' >s.py
if [ -x /usr/bin/python3 ]; then
	is python "$(run --script s.py)" 'by #! line: python3'
else
	echo 'ok - by #! line: python3 # SKIP none in /usr/bin'
fi
printf '#!/usr/bin/env node\nimport fs from "fs";\nconsole.log("node", fs.existsSync(import.meta.filename ?? "/"));\n' >s.mjs
if [ -x /usr/bin/node ]; then
	is 'node true' "$(run --script s.mjs)" 'by #! line and suffix: node'
else
	echo 'ok - by #! line and suffix: node # SKIP none in /usr/bin'
fi
echo 'echo plain' >plain
is plain "$(run --script plain)" 'without a #! line: sh'
is piped "$(echo 'echo piped' | run --script -)" 'a script from standard input'
{
	head -c 1048576 /dev/zero | tr '\0' '#'
	printf '\necho big\n'
} >big.sh
is big "$(run --script big.sh)" 'a script of 1 MiB'
is 0 "$(run -c ': zebra; cat /proc/*/cmdline' | tr '\0' ' ' | grep -c zebra)" \
	'the text of a script is in no argument list'

# --- receipt -----------------------------------------------------------------------------------
run --report-fd 7 -c 'true' 7>r.json
is '"confine-receipt/1" []' "$(field r.json schema) $(field r.json downgrades)" 'a receipt to a descriptor'
is true "$(field r.json requested/enabled)" 'T1: what was requested'
is '60 "scratch-plus-ro" "allowlist" [] true "drop-to-uid"' "$(field r.json requested/resources/cpuSeconds) \
$(field r.json requested/filesystem/mode) $(field r.json requested/network/mode) $(field r.json requested/network/allow) \
$(field r.json requested/network/denyLinkLocalAndMetadata) $(field r.json requested/privilege/mode)" 'T1: the shipped default'
run --set '/network/mode="deny"' --report r.json -c 'true'
is '0 "deny"' "$? $(field r.json requested/network/mode)" 'T2: network deny'
missing=
for id in FS-01 FS-02 FS-03 NET-01 PRV-01 RES-01 RES-02 LIF-01 OUT-01 ENV-01 FD-01 RPT-01 RPT-02 RPT-03 \
	FS-11 FS-12 FS-13 NET-11 NET-13 PRC-11 IPC-11 PRV-12 PRV-13 LIF-11 FD-11 SYS-21 SYS-22 SYS-23 SYS-24 \
	DEV-21 LIF-21 LIF-22 LIF-23 ENV-21 RPT-21 RPT-22; do
	[ "$(field r.json promises/$id)" = '"enforced"' ] || missing="$missing $id"
done
is '' "$missing" 'what the default policy promises here'
if [ "$(id -u)" -eq 0 ]; then
	is '"enforced"' "$(field r.json promises/PRV-11)" 'an identity of its own for a root caller'
else
	is '"degraded"' "$(field r.json promises/PRV-11)" "an unprivileged caller's identity is shared, and says so"
fi
# Without the program that loads rules there is no allowlist, on any host.
cp "$CONFINE" lonely
lonely() { timeout -k 5 60 ./lonely run "$@"; }
mkdir -p bounded
chmod 777 bounded
lonely --set '/network/allow=["192.0.2.1"]' --scratch "$PWD/bounded" --set /filesystem/scratchBytes=65536 -c 'echo ran' >out 2>err
is '125 0 1 1' "$? $(grep -c ran out) $(grep -c 'network: ' err) $(grep -c 'scratch: ' err)" \
	'T11, T205: fail refuses, and names every layer'
lonely --set '/network/allow=["192.0.2.1"]' --set '/onUnavailable="degrade"' --report r.json -c 'echo ran' >out
is '0 ran false "degraded"' "$? $(cat out) $(field r.json enforced/network) $(field r.json promises/NET-01)" \
	'T4: degrade runs, and says so'
lonely --set '/network/allow=["192.0.2.1"]' --report r.json -c 'true' 2>/dev/null
is '125 "refused" {}' "$? $(field r.json outcome) $(field r.json promises)" 'a refusal writes a receipt that promises nothing'
run --explain -c 'echo ran' >out
is '0 0' "$? $(grep -c '^ran' out)" '--explain runs nothing'
ok "$(grep -q 'namespace.mount' out && grep -q 'FS-01' out; echo $?)" 'and prints steps and promises'

# --- a policy means what it says, or a word is said ----------------------------------------------
if [ "$(id -u)" -eq 0 ]; then
	is 12345 "$("$CONFINE" run --set /privilege/gid=12345 -c 'id -g' 2>&1)" 'a group alone is taken'
else
	"$CONFINE" run --set /privilege/uid=12345 -c 'echo ran' >out 2>err
	is '125  1' "$? $(cat out) $(grep -c 'privilege: uid 12345 is not to be had' err)" 'an identity that only root could give is missing'
	is "$(id -u)" "$("$CONFINE" run --set "/privilege/uid=$(id -u)" -c 'id -u' 2>&1)" 'the own one is not'
fi
for layer in ipc lifecycle environment; do
	"$CONFINE" run --set "/$layer/mode=\"off\"" --report off.json -c : 2>err
	is "0 1" "$? $(grep -A1 "\"layer\":	\"$layer\"" off.json | grep -c 'mode off is not followed')" "$layer: off is not followed, and that is said"
done

# --- bad input: one line, 125, nothing written -------------------------------------------------
bad_input() { # text, arguments
	text=$1
	shift
	rm -f bad.json
	run --report bad.json "$@" >out 2>err
	is '125 1 0 absent' "$? $(wc -l <err) $(wc -c <out) $([ -e bad.json ] && echo written || echo absent)" "bad input: $text"
}
bad_input 'nothing to run'
bad_input 'unknown option' --tiemout 3s -c 'echo ran'
bad_input 'a command without --' echo ran
bad_input 'a duration' --timeout 3x -c 'echo ran'
bad_input 'no duration' --timeout 0 -c 'echo ran'
bad_input 'a missing policy file' --policy missing.json -c 'echo ran'
bad_input 'an unknown field' --set /resources/cpuSecond=1 -c 'echo ran'
bad_input 'a number out of range' --set /resources/cpuSeconds=0 -c 'echo ran'
bad_input 'a profile' --profile mild -c 'echo ran'
bad_input 'a relative cwd' --cwd here -c 'echo ran'
bad_input 'a cwd that is not visible' --cwd /root/nowhere -c 'echo ran'
bad_input 'a missing scratch' --scratch "$TESTTMP/none" -c 'echo ran'
bad_input 'the root as scratch' --scratch / -c 'echo ran'
bad_input 'a system directory as scratch' --scratch /usr/share -c 'echo ran'
bad_input 'a missing script' --script missing.sh
bad_input 'two kinds of script' --script s.sh -c 'echo ran'
bad_input 'an override without =' --env NAME -c 'echo ran'
bad_input 'a readOnly path that is not there' --set '/filesystem/readOnly=["/nowhere"]' -c 'echo ran'
run --report "$TESTTMP/none/r.json" -c 'echo ran' >out 2>err
is '125 0' "$? $(wc -c <out)" 'bad input: a receipt that cannot be written'
run --report-fd 99 -c 'echo ran' >out 2>/dev/null
is '125 0' "$? $(wc -c <out)" 'bad input: a descriptor that is not open'

# --- signals -----------------------------------------------------------------------------------
for signal in INT TERM HUP; do
	mkfifo "up.$signal"
	"$CONFINE" run --report r.json -c 'echo up; sleep 30' >"up.$signal" &
	pid=$!
	read -r _ <"up.$signal"
	kill -s $signal $pid
	wait $pid
	code=$?
	case $signal in INT) want=130 ;; TERM) want=143 ;; HUP) want=129 ;; esac
	# A shell's background job ignores INT; then so do we.
	if [ $signal = INT ] && [ $code -ne 130 ]; then
		echo "ok - INT is left alone where the caller ignores it # SKIP background job"
		continue
	fi
	is "$want \"interrupted\"" "$code $(field r.json outcome)" "$signal ends the tree, 128+n, with a receipt"
done

# --- nothing is left ---------------------------------------------------------------------------
# Other runs on this machine are none of our business: only what these supervisors made counts.
traces() { # pids
	for pid; do
		find /sys/fs/cgroup -maxdepth 6 -type d -name "confine.$pid.*" 2>/dev/null
	done
	ls -d "$TESTTMP"/confine.[0-9]* 2>/dev/null
}
TMPDIR=$TESTTMP
export TMPDIR
i=0
pids=
while [ $i -lt 50 ]; do
	"$CONFINE" run --set /resources/maxProcesses=8 -c 'echo x >f; sleep 0.05; exit 7' >/dev/null 2>&1 &
	pids="$pids $!"
	i=$((i + 1))
done
bad=0
for pid in $pids; do
	wait "$pid"
	[ $? -eq 7 ] || bad=$((bad + 1))
done
is 0 $bad '50 at once, each with its own status'
# shellcheck disable=SC2086 # a list
is '' "$(traces $pids)" 'and nothing of them is left'
"$CONFINE" run -c "sleep 31.4159$$" &
pid=$!
sleep 0.5
cat /proc/$pid/maps >maps 2>/dev/null # refused to an unprivileged caller, as it should be
if [ -s maps ]; then
	is 3 "$(grep -c ' r--p .*/confine$' maps)" 'tables of the image are read-only, also what relocation wrote'
	if [ -e "/usr/lib/$(uname -m)-linux-musl/libc.a" ] && ! grep -q libasan maps; then
		is '' "$(grep '\.so' maps)" 'the image needs no loader and no library'
	fi
fi
kill -KILL $pid
wait $pid 2>/dev/null
tries=0
while ps -eo args= | grep -q "^sleep 31.4159$$" && [ $tries -lt 20 ]; do
	sleep 0.1
	tries=$((tries + 1))
done
ok $((tries == 20)) 'a killed supervisor takes the tree with it'
run -c 'sleep 0.3'
is '' "$(traces "$pid")" 'and the next run sweeps what it left'
