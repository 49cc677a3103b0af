#!/bin/sh
# as: root user
# Bad input is one line that names the place, exit 2, and nothing written; lists and dry runs
# touch nothing.
set -u
n() { if [ "$1" -eq 0 ]; then echo "ok - $2"; else echo "not ok - $2"; fi; }

# refuses STATUS WORDS ARGUMENT...: this status, one line with these words, no output, no file.
refuses() {
	status=$1
	words=$2
	shift 2
	mkdir work && cd work || exit 1
	"$CONFINE" check "$@" >../out 2>../err </dev/null
	was=$?
	left=$(ls)
	cd .. && rm -rf work
	[ "$was" -eq "$status" ] && [ ! -s out ] && [ "$(wc -l <err)" -eq 1 ] &&
		grep -q -F -e "$words" err && [ -z "$left" ]
	n $? "check $*: exit $status, \"$words\" (exit $was: $(head -c 200 err))"
}

printf '{"schema":"confine-target/1","name":"x","argv":["true"]}' >bad-target.json
printf '{"a":1,"a":2}' >twice.json
printf '{"resources":{"maxProcesses":0}}' >range.json
here=$(pwd)

refuses 2 'unknown option --tarket' --tarket x
refuses 2 'did you mean --target' --targe x
refuses 2 '--require' --require 4
refuses 2 'never, breached, untestable, degraded' --fail-on open
refuses 2 'exclude each other' --target none --target-command 'x {command}'
refuses 2 'unknown target nosuch' --target nosuch
refuses 2 '/argv: must contain {command}' --target "$here/bad-target.json"
refuses 2 'must contain {command}' --target-command 'sandbox --'
refuses 2 'no shell reads this' --target-command 'sandbox {command} | tee x'
refuses 2 'cannot open' --policy /nonexistent/policy.json
refuses 2 'appears twice' --policy "$here/twice.json"
refuses 2 '/resources/maxProcesses' --policy "$here/range.json" --json results.json
refuses 2 'takes no --policy' --target none --policy "$here/range.json"
refuses 5 'matches no probe' --only nosuch
refuses 5 'every probe is skipped' --skip '*'
refuses 74 'its directory: ENOENT' --json /nonexistent/results.json

printf '{"schema":"confine-target/1","name":"x","argv":["no-such-box","{command}"],
	"needs":{"programs":["no-such-box"]},"install":"get it from nowhere"}' >missing.json
refuses 2 'needs no-such-box, which is not there: get it from nowhere' --target "$here/missing.json"

"$CONFINE" check list >list 2>err
n $? "list"
[ "$(grep -c -E '^[a-z]+\.[a-z0-9-]+ ' list)" -ge 40 ]; n $? "list shows the probes"
"$CONFINE" check list --only RES-01 >list
[ "$(grep -c ' RES-01 ' list)" -ge 3 ] && ! grep -q ' FS-01 ' list; n $? "list --only RES-01"
refuses 2 'explain needs a probe or a requirement' explain
refuses 2 'did you mean filesystem.write-outside' explain filesystem.write-outsyde
refuses 2 'did you mean FS-01' explain FS-O1
refuses 2 'explain takes no --junit' explain FS-01 --junit x.xml

# Everything that there is can be explained, in lines that fit, and nothing is run for it.
"$CONFINE" check list | sed -n 's/^\([a-z]*\.[a-z0-9-]*\) .*/\1/p' >names
# shellcheck disable=SC2046 # one word each
"$CONFINE" check explain $(cat names) $(sed -n 's/^### \([A-Z]*-[0-9]*\) .*/\1/p' "$SRC/CONFORMANCE.md") >told
n $? "every probe and every requirement is explained"
[ "$(grep -c '^What is tried$' told)" -eq "$(wc -l <names)" ]; n $? "each probe says what is tried"
[ "$(grep -c '^What is required$' told)" -ge 40 ]; n $? "each requirement says what is required"
[ "$(grep -c 'confine check --target confine --only' told)" -ge "$(wc -l <names)" ]; n $? "each has a line that tries it"
grep -v -E '^    |--only|/probes/|^  [a-z]+\.' told | awk 'length > 100 { print; bad = 1 } END { exit bad }'
n $? "no line is wider than a page"
! grep -v '^    ' told | grep -q '{}'; n $? "no blank is left unfilled"
grep -q '^  /resources/memoryBytes = 33554432 (32 MiB)$' told; n $? "sizes are told as people say them, too"
"$CONFINE" check explain scratch.size --target-command 'box {command}' | grep -q "target-command 'box {command}' --only scratch.size"
n $? "the line to repeat it is for the target that was named"
"$CONFINE" check --help >help && grep -q -e '--target-command' help; n $? "help"

mkdir dry && cd dry || exit 1
"$CONFINE" check --dry-run --target none >../dry.out 2>../dry.err
n $? "dry run"
[ -z "$(ls)" ]; n $? "a dry run writes nothing"
cd ..
[ "$(grep -c 'class [PTCX]: ' dry.out)" -ge 40 ]; n $? "a dry run names the class of each probe"
grep -q 'Nothing was run' dry.out; n $? "a dry run says so"

# Some supervisors start what they start with SIGCHLD ignored, and exec keeps that. Not every shell can.
"$CONFINE" check --only output.stdout --target none --json default.json >/dev/null 2>progress
wanted=$?
python3 -c 'import os, signal, sys
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
os.execv(sys.argv[1], sys.argv[1:])' "$CONFINE" check --only output.stdout --target none --json ignored.json >/dev/null 2>progress
status=$?
[ "$status" -eq "$wanted" ] && [ "$status" -le 4 ]; n $? "with SIGCHLD ignored: exit $wanted all the same (was $status)"
