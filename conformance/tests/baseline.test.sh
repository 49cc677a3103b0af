#!/bin/sh
# as: root user
# SPDX-License-Identifier: Apache-2.0
# check --baseline and --waivers: held beside the run by confine report, taken or refused before
# anything is tried; one status, on the terminal, in JUnit and from the command.
set -u
n() { if [ "$1" -eq 0 ]; then echo "ok - $2"; else echo "not ok - $2"; fi; }
probe=privilege.no-new-privs
today=$(date -u +%Y-%m-%d)

check() { # wanted status, what, argument…
	want=$1 what=$2
	shift 2
	rm -f junit.xml
	"$CONFINE" check --only $probe --json out.json --junit junit.xml "$@" >out 2>err
	got=$?
	[ "$got" -eq "$want" ] && grep -q "^exit $want: " out &&
		[ "$(tail -n 1 out | cut -d: -f1)" = "exit $want" ] && [ -s junit.xml ]
	n $? "$what: $want ($got $(head -c 300 err))"
}
refused() { # pattern, what, argument…
	pattern=$1 what=$2
	shift 2
	rm -f out.json junit.xml
	"$CONFINE" check --only $probe --json out.json --junit junit.xml "$@" >out 2>err
	got=$?
	[ "$got" -eq 2 ] && [ ! -s out ] && [ "$(wc -l <err)" -eq 1 ] && grep -q "$pattern" err &&
		[ ! -e out.json ] && [ ! -e junit.xml ]
	n $? "$what: 2, one line, nothing tried ($got $(head -c 300 err))"
}

# A baseline by hand, as anybody may keep it: one requirement, one probe.
baseline() { # verdict of both, required level, target
	cat <<END
{"schema": "confine-baseline/1", "run": "00ff", "started": "2026-01-02T03:04:05Z", "hostname": "any",
 "target": "${3-confine}", "require": $2, "level": 0, "rows": [
 {"id": "PRV-01", "requirement": true, "verdict": "$1", "falseClaim": false, "evidence": ""},
 {"id": "$probe", "requirement": false, "verdict": "$1", "falseClaim": false, "evidence": ""}]}
END
}
waiver() { # id, owner, expires
	printf '{"schema": "confine-waivers/1", "waivers": [{"id": "%s", "reason": "r", "owner": "%s", "approver": "b", "expires": "%s"}]}' "$@"
}
baseline enforced 1 >good
baseline enforced 1 none >of-none
baseline enforced 1 command >of-command
baseline breached 1 >worse
baseline enforced 1 | sed 's/"rows": \[/"rows": []}/; /^ {/d' >no-rows
baseline enforced 2 >level2
waiver PRV-01 a "$today" >waived

# A part of a run is incomplete whatever it shows: --fail-on breached leaves what is breached.
check 0 'nothing got worse' --baseline good --fail-on breached
! grep -q 'in the baseline' out junit.xml
n $? 'and nothing is said about it'
grep -q 'good: the baseline is of host any, this run of ' err
n $? 'but that it is of another host'
check 0 'something got better' --baseline worse --fail-on breached
check 4 'a part of a run is incomplete' --baseline good
check 1 'something got worse' --baseline of-none --target none --fail-on breached
grep -q "worse than it is in the baseline: PRV-01 enforced -> breached.*, $probe enforced -> breached" out
n $? 'it is named on the terminal'
grep -A 1 'testcase name="run.baseline"' junit.xml | grep -q '<failure type="breached".*PRV-01 enforced'
n $? 'it is a failure in JUnit'
"$CONFINE" report diff of-none out.json >diff 2>err
[ $? -eq 1 ] && grep -q '^REGRESSED  *PRV-01' diff
n $? 'diff says the same'
check 1 'what target none claims is false, and no waiver covers that' \
	--target none --waivers waived --fail-on breached
grep -q 'waiver PRV-01, a false claim cannot be waived' out
n $? 'which is said'

# Without claims it is a breach and no false claim: that can be waived, for a while.
command='env {command}'
check 1 'no sandbox that claims nothing' --target-command "$command" --fail-on breached
check 0 'waived' --target-command "$command" --fail-on breached --waivers waived
grep -q '^waiver PRV-01, in force' out
n $? 'and shown as waived'
check 0 'waived, and worse than the baseline' --target-command "$command" --fail-on breached \
	--waivers waived --baseline of-command

printf '{"schema": "confine-baseline/1"' >cut
refused 'cut' 'a baseline that is cut short' --baseline cut
refused 'cannot open' 'a baseline that is not there' --baseline nowhere
refused 'another target than confine' 'a baseline of another target' --baseline of-none
refused '/rows: must not be empty' 'a baseline of nothing' --baseline no-rows
refused 'level 2.*asked for 1' 'a baseline of another level' --baseline level2
"$CONFINE" check --only $probe --json out.part >out 2>err
refused 'is no baseline' 'a part of a run is no baseline' --baseline out.part
waiver PRV-01 b "$today" >same
refused 'approver' 'a waiver that its owner approved' --waivers same
waiver PRV-01 a 2099-01-01 >long
refused 'at most 90' 'a waiver without an end' --waivers long
refused 'wants\|needs' 'an option without its file' --baseline
"$CONFINE" check --dry-run --only $probe --waivers long >out 2>err
[ $? -eq 2 ] && [ "$(wc -l <err)" -eq 1 ]
n $? 'the dry run looks at them too'
