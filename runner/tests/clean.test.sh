#!/bin/sh
# as: root user
# alone: what is left on the machine of killed supervisors
# SPDX-License-Identifier: Apache-2.0
#
# clean.test.sh - runs leave nothing behind: many in a row, many at once, and after supervisors that
# were killed, whenever that was. CONFINE_SWEEP runs in a row; with CONFINE_SOAK ten thousand, five
# hundred at once, and two thousand killed supervisors.
set -u
n() { if [ "$1" -eq 0 ]; then echo "ok - $2"; else echo "not ok - $2"; fi; }
left() { # what carries our name on this machine, whoever's; a group whose owner lives is in use
	find /sys/fs/cgroup -type d -name 'confine.[0-9]*' 2>/dev/null | while read -r group; do
		owner=${group##*/confine.}
		[ -d "/proc/${owner%%.*}" ] || echo "$group"
	done
	# of `confine run`; the suite's own runs beside this test have theirs
	find /run /tmp /var/tmp /dev/shm -maxdepth 2 -name 'confine.[0-9]*' ! -path '*confine-tests*' 2>/dev/null
	grep confine /proc/self/mounts
	for dir in /proc/[0-9]*; do
		[ "$(stat -c %u "$dir" 2>/dev/null)" = "$(id -u)" ] || [ "$(id -u)" -eq 0 ] || continue
		{ tr '\0' ' ' <"$dir/cmdline"; } 2>/dev/null | grep -F -f mark
	done
}
mark="marker-of-$$-clean"
echo "$mark" >mark
runs=${CONFINE_SWEEP:-40} at_once=50 killed=60
[ "$runs" -le 200 ] || runs=200
[ -z "${CONFINE_SOAK:-}" ] || runs=10000 at_once=500 killed=2000

left >before
more() { # what is there now and was not before
	left >now
	grep -vxF -f before now
}
failed=0
i=0
while [ "$i" -lt "$runs" ]; do
	"$CONFINE" run -- /bin/echo "$mark" >out 2>err && [ "$(cat out)" = "$mark" ] || failed=$((failed + 1))
	i=$((i + 1))
done
[ "$failed" -eq 0 ]; n $? "$runs consecutive runs succeed ($failed failed) $(tail -n 1 err)"
[ -z "$(more)" ]; n $? "$runs consecutive runs leave nothing behind $(more | head -n 2)"

i=0
while [ "$i" -lt "$at_once" ]; do
	("$CONFINE" run -c "echo $mark; sleep 0.2" >"out.$i" 2>"err.$i"; echo $? >"status.$i") &
	i=$((i + 1))
done
wait
bad=$(cat status.* | grep -vc '^0$')
[ "$bad" -eq 0 ]; n $? "$at_once concurrent runs succeed ($bad failed) $(cat err.* | sort | uniq -c | head -n 2)"
[ -z "$(more)" ]; n $? "$at_once concurrent runs leave nothing behind $(more | head -n 2)"

"$CONFINE" run -c "echo ready; sleep 60; : $mark" >ready 2>err &
supervisor=$!
tries=0
until grep -q ready ready || [ "$tries" -ge 100 ]; do sleep 0.05; tries=$((tries + 1)); done
kill -KILL "$supervisor"
wait "$supervisor" 2>/dev/null
"$CONFINE" run -- /bin/true
n $? "the next run works after its predecessor's supervisor was killed"
tries=0
until [ -z "$(more)" ] || [ "$tries" -ge 40 ]; do sleep 0.05; tries=$((tries + 1)); done
[ -z "$(more)" ]; n $? "after SIGKILL and one further run nothing is left: $(more | tail -n 3)"

# --- and what it asks before there is a tree: a companion that never answers ---
mkdir -p lonely
cp "$CONFINE" lonely/confine
printf '#!/bin/sh\necho $$ >"%s"/asked\nexec sleep 60\n' "$TESTTMP" >lonely/confine-names
chmod 755 lonely/confine-names
lonely/confine run --set '/onUnavailable="degrade"' --set '/network/mode="allowlist"' --set '/network/names=["a.test"]' \
	--set '/network/allow=["203.0.113.10 tcp 443"]' -c 'echo ran' >out 2>err &
supervisor=$!
tries=0
until [ -s asked ] || [ "$tries" -ge 200 ]; do sleep 0.05; tries=$((tries + 1)); done
kill -KILL "$supervisor"
wait "$supervisor" 2>/dev/null
tries=0
is_there() { grep -q . "/proc/$(cat asked)/cmdline" 2>/dev/null; } # a zombie is not
while [ -s asked ] && is_there && [ "$tries" -lt 40 ]; do sleep 0.05; tries=$((tries + 1)); done
[ -s asked ] && ! is_there
n $? "what a killed supervisor asked for names ends with it $(head -n 1 err)"

# --- supervisors killed at any moment ---------------------------------------------------------------
# In set-up, run and tear-down, with scratch in a namespace and on the host: the moments are spread
# over a little more than such a run takes. One further run, and nothing may be left of any of them.
cat >kill.py <<'KILL'
import os, random, signal, subprocess, sys, time
confine, count, seed = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
random.seed(seed)
degrade = ["--set", '/onUnavailable="degrade"']
ways = [
    [], degrade + ["--set", '/filesystem/mode="off"'], ["--scratch", os.environ["TESTTMP"] + "/scratch"],
    ["--timeout", "3ms"], ["--report", "r.json", "--stdin"],
]
script = ["-c", "mkdir d; echo x >d/f; echo out; head -c 100000 /dev/zero; (sleep 100; : %s) &" % sys.argv[4]]
quiet = dict(stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
def start(way):
    return subprocess.Popen([confine, "run"] + way + script, **quiet)
longest = []
for way in ways:
    took = []
    for _ in range(5):
        begin = time.monotonic()
        start(way).wait()
        took.append(time.monotonic() - begin)
    longest.append(sorted(took)[2] * 1.3)
pids, alive = set(), 0
for i in range(count):
    process = start(ways[i % len(ways)])
    time.sleep(random.uniform(0, longest[i % len(ways)]))
    alive += process.poll() is None
    process.kill()
    process.wait()
    pids.add(process.pid)
print("# %d of %d were killed while they lived" % (alive, count))
open("killed.pids", "w").write(" ".join(map(str, pids)))
KILL
mkdir -p scratch && chmod 777 scratch
[ "$(id -u)" -ne 0 ] || chown 65534 scratch
TMPDIR=$TESTTMP
export TMPDIR
python3 kill.py "$CONFINE" "$killed" "${CONFINE_SEED:-1}" "$mark"
n $? "$killed supervisors are killed at random moments"
"$CONFINE" run -- /bin/true
n $? 'and the next run works'
of_killed() { # what is left of those
	find /sys/fs/cgroup -type d -name 'confine.*' 2>/dev/null | while read -r group; do
		owner=${group##*/confine.}
		case " $(cat killed.pids) " in *" ${owner%%.*} "*) echo "$group" ;; esac
	done
	ls -d "$TESTTMP"/confine.[0-9]* 2>/dev/null
	grep "$TESTTMP" /proc/self/mounts
	left | grep -F -f mark
}
tries=0
until [ -z "$(of_killed)" ] || [ "$tries" -ge 40 ]; do
	sleep 0.05
	tries=$((tries + 1))
done
[ -z "$(of_killed)" ]
n $? "nothing of them is left: $(of_killed | head -n 3)"
if [ "$(id -u)" -eq 0 ] && ! pgrep -x confine >/dev/null; then
	[ ! -e /run/confine.uids ]
	n $? 'no file of locked uids either'
fi
