#!/bin/sh
# as: root user
# Runs leave nothing behind: many in a row, many at once, and after the supervisor was killed.
set -u
n() { if [ "$1" -eq 0 ]; then echo "ok - $2"; else echo "not ok - $2"; fi; }
left() { # what carries our name on this machine, whoever's
	find /sys/fs/cgroup -type d -name '*confine*' 2>/dev/null
	find /run /tmp /var/tmp /dev/shm -maxdepth 2 -name '*confine*' ! -path '*confine-tests*' 2>/dev/null
	grep confine /proc/self/mounts
	for dir in /proc/[0-9]*; do
		[ "$(stat -c %u "$dir" 2>/dev/null)" = "$(id -u)" ] || [ "$(id -u)" -eq 0 ] || continue
		{ tr '\0' ' ' <"$dir/cmdline"; } 2>/dev/null | grep -F "$mark"
	done
}
mark="marker-of-$$-clean"
runs=${CONFINE_SWEEP:-40}
[ "$runs" -le 200 ] || runs=200

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
[ -z "$(more)" ]; n $? "$runs consecutive runs leave nothing behind"

i=0
while [ "$i" -lt 50 ]; do
	("$CONFINE" run -c "echo $mark; sleep 0.2" >"out.$i" 2>"err.$i"; echo $? >"status.$i") &
	i=$((i + 1))
done
wait
bad=$(cat status.* | grep -vc '^0$')
[ "$bad" -eq 0 ]; n $? "50 concurrent runs succeed ($bad failed) $(cat err.* | sort | uniq -c | head -n 2)"
[ -z "$(more)" ]; n $? "50 concurrent runs leave nothing behind"

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
