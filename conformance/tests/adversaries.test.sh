#!/bin/sh
# as: root user
# SPDX-License-Identifier: Apache-2.0
# Targets that would rather look good than be good, and a suite that was broken on purpose: none
# of them may ever come out as enforced.
set -u
n() { if [ "$1" -eq 0 ]; then echo "ok - $2"; else echo "not ok - $2"; fi; }
some="--only FS-01 --only FS-02 --only IPC-11 --only RPT-02 --only RPT-03 --only LIF-01"

# words STATUS NAME: every verdict of the run is one that accuses or admits to know nothing.
words() {
	python3 - "$1" "$2" <<-'END'
	import json, sys
	r = json.load(open("results.json"))
	found = {}
	for p in r["probes"]:
	    found.setdefault(p["verdict"], []).append(p["id"])
	def n(ok, text): print(("ok" if ok else "not ok"), "-", text)
	status, name = int(sys.argv[1]), sys.argv[2]
	flattering = [i for w in ("enforced", "degraded", "open") for i in found.get(w, [])]
	n(r["runControl"]["ok"], f"{name}: the run control held")
	n(not flattering, f"{name}: nothing is enforced, degraded or open {flattering or ''}")
	n(status in (1, 4), f"{name}: the exit status is 1 or 4, not {status}")
	n(found.get("error", []) + found.get("breached", []) + found.get("untestable", []) != [],
	  f"{name}: {len(found.get('error', []))} errors, {len(found.get('breached', []))} breached")
	END
}

try() { # NAME COMMAND
	# shellcheck disable=SC2086 # a list of options
	"$CONFINE" check $some --jobs 2 --target-command "$2" --json results.json >matrix 2>progress
	words $? "$1"
}

cat >refuse <<'END'
#!/bin/sh
echo "denied: you may not" >&2
exit 1
END
cat >silent <<'END'
#!/bin/sh
exit 0
END
cat >hang <<'END'
#!/bin/sh
exec sleep 1000
END
cat >crash <<'END'
#!/bin/sh
"$@"
kill -SEGV $$
END
# Takes its time, so that the deadline comes just behind the script, and leaves that alone with it.
cat >dawdle <<'END'
#!/bin/sh
sleep 0.8
"$@"
END
# Runs nothing, knows the protocol by heart, and says what each probe wants to hear.
cat >forge <<'END'
#!/bin/sh
for arm; do script=$previous previous=$arm; done
. "$arm"
hash=-3750763034362895579 text=${NONCE}confine
while [ -n "$text" ]; do
	rest=${text#?} code=$(printf %d "'${text%"$rest"}")
	hash=$(((hash ^ code) * 1099511628211)) text=$rest
done
[ -n "$SCRATCH" ] || SCRATCH=${TMPDIR:-$HOME}
zero=0000000000000000 limit='[-1,-1]' word=EROFS
while read -r hashmark key first rest; do
	[ "$key" != refusals: ] || { word=$first; break; }
done <"$script"
facts=$(printf '{"nonce":"%s","answer":"%016x","pid":3,"ppid":2,"sid":2,"uid":%d,"euid":%d,"gid":%d,"egid":%d,' \
	"$NONCE" "$hash" "$(id -u)" "$(id -u)" "$(id -g)" "$(id -g)")
facts="$facts\"groups\":[],\"capEff\":\"$zero\",\"capPrm\":\"$zero\",\"capInh\":\"$zero\",\"capBnd\":\"$zero\",\"capAmb\":\"$zero\","
facts="$facts\"noNewPrivs\":1,\"seccomp\":2,\"dumpable\":1,\"ns\":{\"user\":1,\"pid\":1,\"mnt\":1,\"net\":1,\"ipc\":1,\"uts\":1,\"cgroup\":1},"
facts="$facts\"rlimits\":{\"cpu\":$limit,\"data\":$limit,\"fsize\":$limit,\"nofile\":$limit,\"nproc\":$limit,\"core\":$limit,\"as\":$limit,\"stack\":$limit},"
facts="$facts\"cwd\":\"/\",\"fds\":[0,1,2],\"forked\":true,\"wrote\":true}"
printf '%s\n' "$facts" >"$SCRATCH/alive"
printf 'confine-alive %s %s\nconfine-attempt %s\n' "$NONCE" "$facts" "$NONCE"
printf '%s\n' "$NONCE" >"$SCRATCH/attempt"
printf 'confine-probe %s denied %s\n' "$NONCE" "$word" | tee "$SCRATCH/said"
END
# Confines well, unless there are few processes: then it takes a shield for a container.
cat >shy <<'END'
#!/bin/sh
[ $$ -gt 200 ] || exec "$@"
exec setpriv --no-new-privs "$@"
END
chmod 755 refuse silent hang crash dawdle forge shy

try "refuses everything" "$PWD/refuse {command}"
try "never runs the script" "$PWD/silent {command}"
start=$(date +%s)
try "hangs" "$PWD/hang {command}"
[ "$(($(date +%s) - start))" -lt 40 ]; n $? "hangs: the suite does not"
try "forges a perfect transcript" "$PWD/forge {command}"
some="--only FS-01 --only FS-02 --only RPT-03 --only LIF-01"
try "crashes at the end" "$PWD/crash {command}"
grep -q '"verdict":[[:space:]]*"breached"' results.json; n $? "crashes at the end: breached, the launcher must outlive the script"

"$CONFINE" check --only lifecycle.term-ignored --target-command "$PWD/dawdle {command}" --json results.json >matrix 2>progress
n "$([ $? -eq 1 ]; echo $?)" "dawdles, and outlives its deadline: breached, however late the script began"

# A launcher may lie in a directory that the shield covers.
"$CONFINE" check --only LIF-21 --target-command "$PWD/dawdle {command}" --json results.json >matrix 2>progress
grep -q '"verdict":[[:space:]]*"error"' results.json
n "$([ $? -eq 1 ]; echo $?)" "what may be written by the script is tried with a launcher below /tmp too"

# Asked to end, the suite does so at once, whatever the target and the suite were at, and with it all that
# was started.
cat >linger <<END
#!/bin/sh
[ ! -e $PWD/marker ] || exec sleep 1003.$$
exec "\$@"
END
: >marker
chmod 755 linger
# What is running of ours, and of this test alone: by a mark in the environment, or the time it sleeps.
mark=CONFINE_TEST_MARK=$$.$(date +%s)
running() {
	{
		grep -l -z -x -F -e "$mark" /proc/[0-9]*/environ
		grep -l -z -x -F -e "1003.$$" /proc/[0-9]*/cmdline
	} 2>/dev/null | wc -l
}
before=$(find /var/tmp /tmp /run -maxdepth 1 -name 'confine-parity.*' -user "$(id -u)" 2>/dev/null | wc -l)
end_after() { # SECONDS NAME COMMAND: TERM while this target is tried
	env "$mark" "$CONFINE" check --only lifecycle.fact-log --target-command "$3" --json results.json >matrix 2>progress &
	run=$!
	"$attack" hold "$1"
	[ "$2" != "of a target that hangs as deployed" ] || [ "$(running)" -ge 2 ]; n $? "TERM, $2: it is running"
	kill -TERM "$run"
	start=$(date +%s%3N)
	wait "$run"
	status=$?
	took=$(($(date +%s%3N) - start))
	[ "$status" -eq 143 ] && [ "$took" -lt 3000 ]; n $? "TERM, $2: exit $status after $took ms"
	left=$(running)
	[ "$left" -eq 0 ]; n $? "TERM, $2: $left tasks are left"
}
attack=$BUILD/libexec/confine/confine-attack
end_after 700 "of a target that hangs" "$PWD/hang {command}"
end_after 1500 "of a target that hangs as deployed" "$PWD/linger {command}"
for after in 60 200 350; do end_after "$after" "after $after ms" '{command}'; done
[ "$before" -ge "$(find /var/tmp /tmp /run -maxdepth 1 -name 'confine-parity.*' -user "$(id -u)" 2>/dev/null | wc -l)" ]
n $? "TERM: no directory is left"

# What the harness writes for a script to see is written from outside of the shield: neither a link that
# lies where scratch was may lead it out, nor a pipe that nobody reads hold it up.
victim=$(mktemp -d /tmp/confine-victim.XXXXXX) && mkdir "$victim/empty" && : >"$victim/outside"
cat >swap <<END
#!/bin/sh
s=\$1
shift
[ ! -e $victim/outside ] || exec "\$@"
case "\$*" in *hold*) exec "\$@" ;; esac
"\$@" &
while [ ! -s "\$s/attempt" ]; do :; done
mv "\$s" "\$s.old"
ln -s $victim/empty "\$s"
i=0
while [ "\$i" -lt 110 ]; do
	sleep 1 &
	i=\$((i + 1))
done
sleep 1
exit 0
END
cat >plug <<'END'
#!/bin/sh
s=$1
shift
[ -p "$s/stop" ] || mkfifo -m 666 "$s/stop"
"$@"
sleep 2
END
chmod 755 swap plug
"$CONFINE" check --only resources.fork-bomb --target-command "$PWD/swap {scratch} {command}" --json results.json >matrix 2>progress
words $? "puts a link where scratch was"
[ -z "$(ls -A "$victim/empty")" ]; n $? "puts a link where scratch was: nothing is written outside of the shield $(ls -A "$victim/empty")"
rm -rf "$victim"
start=$(date +%s)
timeout -k 1 60 "$CONFINE" check --only lifecycle.fact-log --target-command "$PWD/plug {scratch} {command}" --json results.json >matrix 2>progress
plugged=$?
"$CONFINE" check --only lifecycle.fact-log --target-command '{command}' --json results.json >matrix 2>progress
status=$?
# Its script waits for nobody, and may be gone before anybody looks: then nothing was tested, and that is said.
[ "$plugged" -eq "$status" ] || [ "$plugged" -eq 5 ]
n $? "plugs the way with a pipe: the exit status is what it is without, $status, or 5 (was $plugged)"
[ "$(($(date +%s) - start))" -lt 50 ]; n $? "plugs the way with a pipe: the suite does not wait for it"

if command -v setpriv >/dev/null && [ "$$" -gt 300 ]; then
	"$CONFINE" check --only FS-01 --target-command "$PWD/shy {command}" --json results.json >matrix 2>progress
	n "$([ $? -eq 4 ]; echo $?)" "a target that behaves in the shield only: exit 4"
	grep -q 'the shield changes this target: no_new_privs' results.json
	n $? "a target that behaves in the shield only: untestable, with the difference"
else
	echo "ok - a target that behaves in the shield only # SKIP setpriv is missing, or pids are low"
fi

# has VERDICT FILE [PROBE]: some probe of the results, or this one, has the verdict.
has() {
	python3 - "$@" <<-'END'
	import json, sys
	r = json.load(open(sys.argv[2]))
	sys.exit(not any(p["verdict"] == sys.argv[1] for p in r["probes"] if p["id"] in sys.argv[3:] or not sys.argv[3:]))
	END
}

# Nothing dynamic in it, so that no loader takes anything from a variable, and hands on all it is told to.
busybox=$(command -v busybox)
if [ -z "$busybox" ] || ! "$busybox" sh -c : || ldd "$busybox" >why 2>&1; then
	echo "ok - a sandbox without a loader # SKIP there is no static busybox"
elif ! bwrap --unshare-net --unshare-pid --ro-bind / / --proc /proc -- true 2>why; then
	echo "ok - a sandbox without a loader # SKIP bwrap does not start here"
else
	cat >loaderless.json <<-END
	{ "schema": "confine-target/1", "name": "loaderless", "title": "one static shell", "notes": "planted",
	  "argv": [ "/usr/bin/env", "-i", "PATH=/usr/bin:/bin", "bwrap", "--unshare-net", "--unshare-pid", "--clearenv", "{env}",
	    "--setenv", "PATH", "/bin:/usr/bin", "--ro-bind", "$busybox", "/bin/sh", "--proc", "/proc", "--dev", "/dev",
	    "--tmpfs", "/tmp", "--ro-bind", "{probes}", "{probes}", "--bind", "{scratch}", "{scratch}",
	    "--chdir", "{scratch}", "--", "{command}" ],
	  "parts": { "env": [ "--setenv", "{name}", "{value}" ] }, "promises": { "*": "enforced" } }
	END
	"$CONFINE" check --target loaderless.json --only ENV-01 --only LIF-22 --json results.json >matrix 2>progress
	for probe in preload-option preload-caller preload-interpreter audit-option audit-caller gconv-path library-path bash-env; do
		has error results.json "environment.$probe"
		n $? "a sandbox without a loader: environment.$probe cannot tell"
	done
	has error results.json lifecycle.start-variable-twice
	n $? "a sandbox without a loader: lifecycle.start-variable-twice cannot tell"
	has enforced results.json environment.caller-variable
	n $? "a sandbox without a loader: what needs none is told as ever"
fi

# What was left lies deeper than anybody looks, or behind more names.
cat >container <<'END'
#!/bin/sh
TMPDIR=$HOME/.local/share/containers/storage/overlay/id$$/diff/tmp
export TMPDIR
mkdir -p "$TMPDIR"
chmod -R 777 "$HOME/.local"
"$@"
END
cat >cellar <<'END'
#!/bin/sh
top=$TMPDIR
cd "$top" || exit 70
for level in 0 1 2 3 4 5 6; do
	mkdir -p b/b/b/b/b/b/b/b/b/b && cd b/b/b/b/b/b/b/b/b/b || exit 70
done
TMPDIR=$PWD
export TMPDIR
chmod -R 777 "$top/b"
"$@"
END
cat >haystack <<'END'
#!/bin/sh
"$@"
[ -d "$TMPDIR" ] && cd "$TMPDIR" && ls residue-* >/dev/null 2>&1 && seq -f f%.0f 21000 | xargs touch
END
cat >bury <<'END'
#!/bin/sh
scratch=$1
shift
"$@"
cd "$scratch" && [ -e loot ] && mkdir -p b/b/b/b/b/b/b/b/b/b/b/b/b/b/b/b/b/b/b/b && mv loot b/b/b/b/b/b/b/b/b/b/b/b/b/b/b/b/b/b/b/b
END
chmod 755 container cellar haystack bury
wrapped() { # NAME PROBE ARGUMENT...
	cat >"$1.json" <<-END
	{ "schema": "confine-target/1", "name": "$1", "title": "$1", "notes": "planted",
	  "argv": [ "/bin/sh", "$PWD/$1", ${3+"\"$3\", "}"{command}" ], "promises": { "*": "enforced" } }
	END
	"$CONFINE" check --target "$1.json" --only "$2" --json results.json >matrix 2>progress
}
# How the harness looks is the same whoever calls it: once is enough of what takes its time.
if [ "$(id -u)" -eq 0 ]; then
wrapped container scratch.gone
has breached results.json; n $? "what is left where a container has its scratch is seen"
wrapped haystack scratch.gone
has breached results.json; n $? "what is left among twenty thousand names is seen"
wrapped cellar scratch.gone
has error results.json; n $? "what is left deeper than the witness looks: it could not look"
grep -q 'directories too deep' results.json; n $? "what is left deeper than the witness looks: says so"
wrapped bury environment.dangerous-names '{scratch}'
has error results.json; n $? "a secret buried deeper than the witness looks: it could not look"

# A clock on the wall that stops where a limit on processor time would; and a death by what has no part in it.
"$CONFINE" check --target-command 'timeout --foreground -s KILL 1 {command}' --only resources.cpu-seconds --only resources.cpu-tree \
	--json results.json >matrix 2>progress
for probe in resources.cpu-seconds resources.cpu-tree; do
	has error results.json "$probe"; n $? "a clock on the wall is no limit on processor time: $probe"
done
grep -q 'after 0 ms of processor time' results.json; n $? "a clock on the wall is no limit on processor time: says so"
cat >reaper <<'END'
#!/bin/sh
limit=$1 scratch=$2 receipt=$3
shift 3
"$@" &
script=$!
while kill -0 "$script" 2>/dev/null; do
	sleep 0.02
	[ -e "$scratch/spent" ] || continue
	[ "$(awk '{ sum += $1 } END { print sum + 0 }' "$scratch/spent")" -lt 900 ] || kill -KILL "$script"
done
wait "$script"
printf '{ "promises": { "RES-11": "enforced" }, "limitFired": "%s", "signal": "SIGKILL", "confineExit": 137 }' "$limit" >"$receipt"
exit 137
END
for limit in treeCpuSeconds maxOutputBytes; do
	cat >reaper.json <<-END
	{ "schema": "confine-target/1", "name": "reaper", "title": "reaper", "notes": "planted", "receipt": "{receipt}",
	  "argv": [ "/bin/sh", "$PWD/reaper", "$limit", "{scratch}", "{receipt}", "{command}" ] }
	END
	"$CONFINE" check --target reaper.json --only resources.cpu-tree --json "$limit.results" >matrix 2>progress
done
has enforced treeCpuSeconds.results; n $? "ended when its processor time was spent, and says so: enforced"
has error maxOutputBytes.results; n $? "ended, and its receipt names another limit: nothing is known of this one"
grep -q 'by another limit' maxOutputBytes.results; n $? "ended, and its receipt names another limit: says so"

# What a receipt does not state cannot be untrue; it is not true for all that.
cat >taciturn <<'END'
#!/bin/sh
receipt=$1 states=$2
shift 2
"$@"
status=$?
promises='"RPT-01": "enforced", "RPT-03": "enforced"'
case $states in
end) states="\"confineExit\": $status, " ;;
uid) states="\"uid\": $(id -u), " ;;
*) states= ;;
esac
printf '{ %s"promises": { %s } }' "$states" "$promises" >"$receipt"
exit "$status"
END
for states in nothing end uid; do
	cat >taciturn.json <<-END
	{ "schema": "confine-target/1", "name": "taciturn", "title": "taciturn", "notes": "planted", "receipt": "{receipt}",
	  "argv": [ "/bin/sh", "$PWD/taciturn", "{receipt}", "$states", "{command}" ] }
	END
	"$CONFINE" check --target taciturn.json --only report.receipt-true --only report.exit-status --json "$states.results" >matrix 2>progress
done
has error nothing.results report.receipt-true; n $? "a receipt that states nothing is not true"
has error nothing.results report.exit-status; n $? "a receipt that states nothing does not tell how the run ended"
grep -q 'states nothing that could be compared' nothing.results; n $? "a receipt that states nothing: says so"
has error end.results report.receipt-true; n $? "a receipt that states an exit status alone is not true of the rest"
has enforced end.results report.exit-status; n $? "a receipt that states an exit status tells how the run ended"
has enforced uid.results report.receipt-true; n $? "a receipt that states who the script was can be compared"

# Space that the target itself has taken from the shield is no limit of the target's.
cat >glutton <<'END'
#!/bin/sh
keep=$1
shift
# The shield's small file system alone: as deployed this is the host's.
if [ -d "$TMPDIR" ] && [ "$(($(stat -f -c '%b * %S' "$TMPDIR")))" -le 134217728 ]; then
	head -c 134217728 /dev/zero >"$TMPDIR/gluttony" 2>/dev/null
	truncate -s -6M "$TMPDIR/gluttony"
fi
"$@"
[ "$keep" = keep ] || rm -f "$TMPDIR/gluttony"
END
for keep in keep drop; do
	cat >glutton.json <<-END
	{ "schema": "confine-target/1", "name": "glutton", "title": "glutton", "notes": "planted", "promises": { "*": "enforced" },
	  "argv": [ "/bin/sh", "$PWD/glutton", "$keep", "{command}" ] }
	END
	"$CONFINE" check --target glutton.json --only scratch.size --json "$keep.results" >matrix 2>progress
	has error "$keep.results"; n $? "a target that fills the shield's space holds no limit ($keep)"
done
fi

# Mutants of the suite itself, in a build that is never installed. Of a mechanism: the run control tells.
broken=${SABOTAGE:-/nonexistent}/bin/confine
if [ -x "$broken" ]; then
	for mutant in deaf-witness no-control control-blind control-dim forced-reach forced-liveness; do
		CONFINE_CHECK_MUTANT=$mutant "$broken" check --only FS-01 --target none --json results.json --junit results.xml >matrix 2>progress
		status=$?
		[ "$status" -eq 6 ] && grep -q '<error' results.xml; n $? "a suite with $mutant exits 6, in JUnit too (was $status)"
		rm -f results.xml
	done
	CONFINE_CHECK_MUTANT=forced-reach "$CONFINE" check --only FS-01 --target none --json results.json >matrix 2>progress
	n "$([ $? -eq 1 ]; echo $?)" "what is installed cannot be broken so: breached"
	# Of one probe after the other: its act is taken out, and it says nothing, what it would like to
	# hear, or that it reached. Whatever comes out, it is no green.
	some="--only FS-01 --only FS-02 --only output.stdout --only SYS-22 --only ENV-01"
	[ -z "${CONFINE_SOAK:-}" ] || some=
	# Where the run itself is the act, and the script only says that it is there, saying so is no mutant.
	itself=$(awk '
		FNR == 1 { if (body == "say reached -\n") print id; body = id = "" }
		/^# id: / { id = $3 }
		!/^#/ && !/^\. / && !/^begin / { body = body $0 "\n" }
		END { if (body == "say reached -\n") print id }' "$SRC"/probes/*/*.sh)
	for mutant in act-removed act-denied act-reached; do
		skip=
		[ "$mutant" != act-reached ] || for probe in $itself; do skip="$skip --skip $probe"; done
		# shellcheck disable=SC2086 # lists of options
		CONFINE_CHECK_MUTANT=$mutant "$broken" check $some $skip --jobs 2 --target confine \
			--json results.json >matrix 2>progress
		words $? "$mutant"
	done
else
	echo 'ok - a suite that is broken # SKIP no sabotage build'
fi

# A directory that is in use is locked: it is another run's.
left=$(find /var/tmp /tmp -maxdepth 1 -name 'confine-parity.*' -user "$(id -u)" -exec flock -n {} echo {} \; 2>/dev/null)
[ -z "$left" ]; n $? "nothing is left on the host $left"
