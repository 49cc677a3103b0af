#!/bin/sh
# as: root user
# SPDX-License-Identifier: Apache-2.0
#
# invocation.test.sh - callers that leave the runner little: closed descriptors, no arguments, blocked
# signals, tiny limits, odd masks and directories, a hostile environment. Each run is confined, or does
# not come about and says so in one line with status 125; nothing in between.
set -u
: "${CONFINE:?}" "${TESTTMP:?}"
cd "$TESTTMP" || exit 1
umask 022

# Promises that a degraded run of this caller keeps anywhere; a run without limits is compared with it.
bare="$CONFINE run --report $TESTTMP/r.json"
run="timeout -k 5 60 $bare"
$run -c 'echo ran' >/dev/null 2>&1
python3 - <<'PLAIN'
import json
json.dump(json.load(open("r.json"))["promises"], open("plain.json", "w"))
PLAIN

# judge STATUS TEXT [dry]: after a run that may have written out, err and r.json.
judge() {
	python3 - "$@" <<'JUDGE'
import json, os, sys
status, text, dry = int(sys.argv[1]), sys.argv[2], "dry" in sys.argv[3:]
def read(name):
    try:
        return open(name, "rb").read()
    except OSError:
        return b""
out, err, receipt = read("out"), read("err"), read("r.json")
receipt = json.loads(receipt) if receipt else None
if status == 0:
    good = receipt and receipt["outcome"] == "exited" and receipt["promises"] == json.load(open("plain.json"))
    good = good and (dry or out == b"ran\n")
    what = "works confined"
elif receipt and receipt["outcome"] in ("exited", "signaled") and status != 125:
    good = receipt["promises"] == json.load(open("plain.json"))
    what = "is confined, and its own interpreter finds it too little"
else:
    good = status == 125 and (dry or len(err.splitlines()) == 1) and not out
    good = good and not (receipt and receipt["promises"])
    what = "is refused in one line"
print("%s - %s: %s" % ("ok" if good else "not ok", text, what if good else (status, out[:80], err[:300])))
JUDGE
	rm -f out err r.json
}

# try TEXT COMMAND...: a run behind a command that changes something.
try() {
	text=$1
	shift
	rm -f out err r.json
	timeout -k 5 60 "$@" $bare -c 'echo ran' >out 2>err </dev/null
	status=$?
	if [ $status -ge 126 ] && ! "$@" /bin/true >/dev/null 2>&1; then
		echo "ok - $text: no program starts at all"
		return
	fi
	judge $status "$text"
}

# --- descriptors ----------------------------------------------------------------------------------
$run -c 'echo ran' >out 2>err <&-
judge $? 'without descriptor 0'
$run -c 'echo ran' 2>err </dev/null >&-
judge $? 'without descriptor 1' dry
$run -c 'echo ran' >out </dev/null 2>&-
judge $? 'without descriptor 2'
$run -c 'echo ran' 2>err <&- >&-
judge $? 'without 0 and 1' dry
$run -c 'echo ran' >out <&- 2>&-
judge $? 'without 0 and 2'
$run -c 'echo ran' </dev/null >&- 2>&-
judge $? 'without 1 and 2' dry
$run -c 'echo ran' <&- >&- 2>&-
judge $? 'without any of them' dry
$run -c '[ -e /proc/self/fd/0 ] && [ -e /proc/self/fd/1 ] && [ -e /proc/self/fd/2 ]' <&- >&- 2>&-
judge $? 'and the script has all three' dry
echo mine >file
$run -c 'echo ran; ls -l /proc/self/fd' >out 2>err 3<file 4>>file 5<. 6<>file 9<file 77<file
if grep -q "$TESTTMP" out; then echo 'not ok - descriptors of the caller stay outside'; else
	echo 'ok - descriptors of the caller stay outside'
fi
python3 - $run -c 'echo ran' >out 2>err <<'PASS'
import os, sys
fd = os.open("/dev/null", os.O_RDWR)
for number in range(3, 64):
    os.dup2(fd, number)
os.execv("/usr/bin/timeout", sys.argv[1:])
PASS
judge $? 'with sixty descriptors open'

# --- arguments and environment ----------------------------------------------------------------------
python3 - "$CONFINE" >out 2>err <<'NONE'
import ctypes, sys
ctypes.CDLL(None).execve(sys.argv[1].encode(), (ctypes.c_char_p * 1)(None), (ctypes.c_char_p * 1)(None))
NONE
[ $? -eq 2 ] && [ ! -s out ] && grep -q '^usage' err
[ $? -eq 0 ] && echo 'ok - without a single argument: the usage, status 2' || echo 'not ok - without a single argument'
python3 - $bare >out 2>err <<'BARE'
import ctypes, sys
words = [w.encode() for w in sys.argv[1:]] + [b"-c", b"echo ran"]
ctypes.CDLL(None).execve(words[0], (ctypes.c_char_p * (len(words) + 1))(*words, None), (ctypes.c_char_p * 1)(None))
BARE
judge $? 'without an environment'
python3 - $run >out 2>err <<'ENV'
import os, sys
env = {"V%d" % i: "x" * 10 for i in range(60000)}
os.execve("/usr/bin/timeout", sys.argv[1:] + ["-c", "echo ran; env | grep -c ^V >&2 || :"], env)
ENV
status=$?
[ "$(cat err)" = 0 ] && : >err
judge $status 'with sixty thousand variables'
python3 - $run >out 2>err <<'ARGV'
import os, sys
os.execv("/usr/bin/timeout", sys.argv[1:] + ["-c", "echo ran"] + ["x" * 100000] * 10)
ARGV
judge $? 'with a mebibyte of arguments'
mkdir -p trap/lib
for name in LD_PRELOAD LD_AUDIT LD_LIBRARY_PATH LD_DEBUG GCONV_PATH GLIBC_TUNABLES LOCPATH MALLOC_TRACE \
	NLSPATH HOSTALIASES BASH_ENV ENV PYTHONPATH MUSL_LOCPATH TZ; do
	try "$name is hostile" env "$name=$TESTTMP/trap/lib"
done
try 'TMPDIR does not exist' env TMPDIR=/nonexistent/tmp
try 'TMPDIR is relative' env TMPDIR=.
try 'PATH is empty' /usr/bin/env PATH=
try 'HOME is the root' env HOME=/
try 'CONFINE_LIBEXEC is hostile' env CONFINE_LIBEXEC="$TESTTMP/trap"
try 'a variable without a name or a value' env =x

# --- signals ----------------------------------------------------------------------------------------
try 'CHLD is ignored' env --ignore-signal=CHLD
try 'every signal is ignored' env --ignore-signal
try 'every signal is blocked' env --block-signal
env --block-signal --ignore-signal=TERM,HUP,USR1 $run -c 'grep -E "^Sig(Blk|Ign)" /proc/self/status | tr -s "\t0\n" "   "' >out 2>err
case $(cat out) in 'SigBlk: SigIgn: '* | 'SigBlk: 0 SigIgn: 0 '*) echo 'ok - and the script has its signals' ;;
*) echo "not ok - and the script has its signals: $(cat out)" ;; esac
rm -f out err r.json
(
	trap '' CHLD
	$run --timeout 300ms -c 'sleep 30' >out 2>err
	[ $? -eq 124 ] && echo 'ok - a deadline where CHLD is ignored' || echo "not ok - a deadline where CHLD is ignored: $(cat err)"
)
(
	env --block-signal $run --timeout 300ms -c 'trap "" TERM; while :; do sleep 1; done' >out 2>err
	[ $? -eq 124 ] && echo 'ok - a deadline where everything is blocked' || echo "not ok - a deadline where everything is blocked: $(cat err)"
)

# --- limits -----------------------------------------------------------------------------------------
for files in 3 4 6 8 9 10 12 16 24; do
	try "$files open files" prlimit --nofile=$files
done
for bytes in 0 1 100; do
	text="files of $bytes bytes" # where not even the receipt can be written
	timeout -k 5 60 prlimit --fsize=$bytes "$CONFINE" run -c 'echo ran' 2>&1 </dev/null | cat >both
	[ "$(cat both)" = ran ] || [ "$(wc -l <both)" -eq 1 ]
	[ $? -eq 0 ] && echo "ok - $text" || echo "not ok - $text: $(head -c 300 both)"
done
for kib in 16 64 128 1024; do
	try "a stack of $kib KiB" prlimit --stack=$((kib * 1024))
done
for mib in 1 4 8 16 64; do
	try "$mib MiB of address space" prlimit --as=$((mib << 20))
done
for kib in 0 64 512 4096; do
	try "$kib KiB of data" prlimit --data=$((kib * 1024))
done
for tasks in 0 1 2 4 8; do
	# Of root's and of a busy uid's other tasks the kernel counts too: refused, or run.
	try "$tasks tasks" prlimit --nproc=$tasks
done
try 'no locked memory, no queues, no signals' prlimit --memlock=0 --msgqueue=0 --sigpending=0
try 'one second of CPU' prlimit --cpu=1
rm -f out err r.json
prlimit --core=0 $bare -c 'echo ran' >out 2>err
[ "$? $(cat out) $(grep -c 'PRV-13.*degraded' r.json)" = '0 ran 1' ] &&
	echo 'ok - no core files: works, and says what it cannot keep' ||
	echo "not ok - no core files: works, and says what it cannot keep: $(cat err)"
try 'the lowest priority' nice -n 19

# --- masks and directories ----------------------------------------------------------------------------
for mask in 0 0777 077; do
	(
		umask $mask
		$run -c 'echo ran; umask >&2; : >f; stat -c %a f >&2' >out 2>err
		status=$?
		chmod 600 out err r.json 2>/dev/null
		[ $status -ne 0 ] || [ "$(tr '\n' ' ' <err)" != '0022 644 ' ] || : >err
		judge $status "umask $mask"
		[ ! -s err ] || echo "not ok - umask $mask reaches the script: $(cat err)"
	)
	rm -f out err r.json
done
mkdir -p gone
(
	cd gone && rmdir ../gone && $run -c 'echo ran' >"$TESTTMP/out" 2>"$TESTTMP/err"
	echo $? >"$TESTTMP/status"
)
judge "$(cat status)" 'a working directory that was removed'
mkdir -p there
(
	exec 9<there && cd /proc/self/fd/9 && $run -c 'echo ran' >"$TESTTMP/out" 2>"$TESTTMP/err"
	echo $? >"$TESTTMP/status"
)
judge "$(cat status)" 'a working directory by its descriptor'
(
	cd /proc/self && $run -c 'echo ran' >"$TESTTMP/out" 2>"$TESTTMP/err"
	echo $? >"$TESTTMP/status"
)
judge "$(cat status)" 'a working directory of a process'
mkdir -p closed
(
	cd closed && chmod 0 . && $run -c 'echo ran' >"$TESTTMP/out" 2>"$TESTTMP/err"
	echo $? >"$TESTTMP/status"
)
chmod 700 closed
judge "$(cat status)" 'a working directory without permissions'
(
	cd / && $run -c 'echo ran' >"$TESTTMP/out" 2>"$TESTTMP/err"
	echo $? >"$TESTTMP/status"
)
judge "$(cat status)" 'from the root'
