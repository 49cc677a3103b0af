#!/bin/sh
# as: root user
# SPDX-License-Identifier: Apache-2.0
#
# flood.test.sh - ten GiB against a budget of 64 KiB: how soon it ends, what passes, and what memory the
# launcher takes, whichever end of the flood is kept. How fast a flood moves is a matter of the
# benchmark: fixtures/flood.py.
set -u
: "${CONFINE:?}" "${TESTTMP:?}"
cd "$TESTTMP" || exit 1
umask 022

cat >flood.py <<'FLOOD'
import json, os, signal, subprocess, sys, time
# flood.py CONFINE KEEP CAP REDIRECT: exit status, ms, bytes passed, KiB of the launcher's peak
confine, keep, cap, redirect = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4]
words = [confine, "run", "--report", "r.json", "--set", "/resources/maxOutputBytes=%d" % cap]
if keep != "head":
    words += ["--set", '/resources/outputKeep="%s"' % keep, "--timeout", "1s"]
words += ["-c", "echo first; exec head -c 10G /dev/zero %s" % redirect]
reader, writer = os.pipe()
start = time.monotonic()
process = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=writer, stderr=writer)
os.close(writer)
passed = peak = 0
more = True
while more:
    # Not of wait4(2): that begins with what this interpreter had before the exec.
    for line in open("/proc/%d/status" % process.pid):
        if line.startswith("VmHWM:"):
            peak = int(line.split()[1])
    chunk = os.read(reader, 1 << 16)
    passed += len(chunk)
    more = len(chunk) > 0
print(process.wait(), int((time.monotonic() - start) * 1000), passed, peak)
FLOOD

# check TEXT KEEP CAP REDIRECT STATUS MOST_MS
check() {
	read -r code took passed peak <<FACTS
$(python3 flood.py "$CONFINE" "$2" "$3" "$4" 2>err)
FACTS
	most=$(($3 / 1024 + 8192))
	facts="status $code, $took ms, $passed bytes, $peak KiB"
	if [ "$code" -eq "$5" ] && [ "$took" -le "$6" ] && [ "$passed" -le "$3" ] && [ "$passed" -gt $(($3 - 4)) ]; then
		echo "ok - $1: $facts"
	else
		echo "not ok - $1: $facts $(head -n 1 err)"
	fi
	if grep -q __asan_init "$CONFINE"; then
		echo "ok - its memory # SKIP the sanitizer takes its own"
	elif [ "$peak" -le $most ]; then
		echo "ok - $peak KiB of memory are at most the budget and 8 MiB"
	else
		echo "not ok - $peak KiB of memory are more than the budget and 8 MiB"
	fi
}

check 'ten GiB on stdout against 64 KiB end within half a second' head 65536 '' 137 600
check 'on stderr too' head 65536 '>&2' 137 600
check 'a budget of a byte' head 1 '' 137 600
check 'a budget of 16 MiB' head 16777216 '' 137 1500
check 'the end of a flood is kept to the deadline, in as little memory' tail 65536 '' 124 3500
check 'both ends' both 65536 '' 124 3500
