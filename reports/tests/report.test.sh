#!/bin/sh
# as: root user
# SPDX-License-Identifier: Apache-2.0
# confine report as a program: options, exit status, what is written where, and what is not.
set -u
n() { if [ "$1" -eq 0 ]; then echo "ok - $2"; else echo "not ok - $2"; fi; }
data=$SRC/reports/tests/data
report="$CONFINE report"

# One line on stderr, nothing on stdout, this status, no file.
refused() { # status, pattern, what, argument…
	want=$1 pattern=$2 what=$3
	shift 3
	rm -f out.xml
	$report "$@" >out 2>err </dev/null
	got=$?
	[ "$got" -eq "$want" ] && [ ! -s out ] && [ "$(wc -l <err)" -eq 1 ] &&
		grep -q "$pattern" err && [ ! -e out.xml ]
	n $? "$what: $want, one line ($got: $(head -c 200 err))"
}

for status in 0 1 3 4 5 6; do
	for format in junit html oscal markdown prometheus text; do
		$report $format "$data/exit-$status.json" >out 2>err
		got=$?
		[ "$got" -eq "$status" ] && [ -s out ] && [ ! -s err ]
		n $? "$format of exit-$status.json exits $status ($got)"
		$report $format - -o file <"$data/exit-$status.json" 2>err
		got=$?
		[ "$got" -eq "$status" ] && cmp -s out file
		n $? "$format of the same on stdin, to a file: same status, same bytes"
	done
done

refused 2 'usage' 'no argument'
refused 2 'usage' 'no file' junit
refused 2 'is no format; there are junit, ' 'unknown format' xml "$data/exit-0.json"
refused 2 'is no option' 'unknown option' junit --junit "$data/exit-0.json"
refused 2 'is named twice' 'the same file twice' junit "$data/exit-0.json" "$data/exit-0.json"
refused 2 'needs a value' '-o without a name' junit "$data/exit-0.json" -o
refused 2 'needs a value' '-o with an empty name' junit "$data/exit-0.json" -o ''
refused 2 'comes twice' 'two outputs' junit "$data/exit-0.json" -o out.xml --output=b
refused 2 'takes no value' '--help=x' --help=x
refused 2 'is no dialect; there are strict, rich' 'an unknown dialect' \
	junit --dialect loose "$data/exit-0.json"
refused 2 'a format that has none' 'a dialect of what has none' text --dialect rich "$data/exit-0.json"
refused 2 'missing.json' 'missing file' junit missing.json -o out.xml
refused 2 'neither a file nor a pipe' 'a directory' junit "$data" -o out.xml
: >empty.json
refused 2 'line 1' 'an empty file' junit empty.json -o out.xml
refused 2 'neither a file nor a pipe' 'a device' junit /dev/null -o out.xml
esc=$(printf '\033')
refused 2 'is no format' 'a format that steers a terminal' "${esc}[31m" "$data/exit-0.json"
! grep -q "$esc" err
n $? 'the message does not pass the escape on'

head -c 5000 "$data/exit-0.json" >cut.json
refused 2 'cut.json: line' 'a file cut in the middle' junit cut.json -o out.xml
sed 's/"verdict":	"enforced"/"verdict":	"great"/' "$data/exit-0.json" >word.json
refused 2 '/requirements/0/verdict: must be one of' 'an unknown verdict' junit word.json -o out.xml
printf '\377' >bad.json
refused 2 'bad.json: line 1, column 1' 'bytes that are no UTF-8' junit bad.json -o out.xml
sed 's/host-a/host\\u0000a/' "$data/exit-0.json" >nul.json
refused 2 'nul.json: line' 'NUL in a text' junit nul.json -o out.xml
sed 's/"exit":	1$/"exit":	0/' "$data/exit-1.json" >lie.json
! cmp -s lie.json "$data/exit-1.json"
n $? 'a document that states a better status is made'
$report junit lie.json >out 2>err
got=$?
[ "$got" -eq 6 ] && grep -q 'name="run.outcome"' out
n $? "it is an evidence failure, and the report says so ($got)"

# --- arms that contradict the verdict ---
for case in \
	'/"reach"/,/}/s/"ran":	true/"ran":	false/ /probes/0/arms/reach/ran' \
	'/"attack"/,/}/s/"ran":	true/"ran":	false/ /probes/0/arms/attack/ran' \
	'/"attack"/,/}/s/"said":	"denied"/"said":	"reached"/ /probes/0/arms/attack/said' \
	'/"class"/,/"reason"/s/"falseClaim":	false/"falseClaim":	true/ /probes/0/falseClaim' \
	's/"exit":	0$/"exit":	0, "word": "breached"/ /outcome/word' \
	's/"arms":	{/"arms": { "liveness": {"ok": false},/ /probes/0/arms/liveness/ok'; do
	place=${case##* }
	sed "${case% *}" "$data/exit-0.json" >arms.json
	for format in junit html oscal markdown prometheus text; do
		refused 2 "arms.json: $place: " "$format of what contradicts $place" $format arms.json -o out.xml
	done
done
refused 2 'arms.json: /probes/0/arms/liveness/ok: ' 'as a baseline' baseline arms.json -o out.xml
refused 2 'arms.json: /probes/0/arms/liveness/ok: ' 'among others' merge text arms.json -o out.xml

# --- waivers ---
waive() { # id, owner, approver, expires
	printf '{"schema":"confine-waivers/1","waivers":[{"id":"%s","reason":"known","owner":"%s","approver":"%s","expires":"%s"}]}' \
		"$@" >waivers.json
}
day=$(sed -n 's/.*"started":.*"\(....-..-..\)T.*/\1/p' "$data/exit-3.json")
waive FS-01 a a "$day"
refused 2 'somebody else than the owner' 'a waiver that its owner approves' \
	text --waivers waivers.json "$data/exit-3.json" -o out.xml
waive FS-01 a b 9999-01-01
refused 2 'at most 90 are allowed' 'a waiver without an end' \
	text --waivers waivers.json "$data/exit-3.json" -o out.xml
waive ZZ-99 a b "$day"
$report text --waivers waivers.json "$data/exit-3.json" >out 2>err
got=$?
[ "$got" -eq 3 ] && grep -q 'ZZ-99.*not needed' out
n $? "a waiver that nobody needs changes nothing and is named ($got)"

# --- change ---
$report baseline "$data/exit-0.json" -o base.json
[ $? -eq 0 ] && grep -q 'confine-baseline/1' base.json
n $? 'a baseline is written'
for old in base.json "$data/exit-0.json"; do
	$report diff "$old" "$data/exit-0.json" >out 2>err
	[ $? -eq 0 ] && grep -q '^0 regressed, 0 fixed, 0 new, 0 gone, 0 changed' out
	n $? "nothing changed since $(basename "$old"): 0"
done
$report diff base.json "$data/exit-1.json" >out 2>err
got=$?
[ "$got" -eq 1 ] && grep -q '^REGRESSED .*enforced -> breached' out
n $? "what was enforced and is breached: 1 ($got)"
$report diff "$data/exit-1.json" "$data/exit-0.json" >out 2>err
got=$?
[ "$got" -eq 1 ] && grep -q '^FIXED .*breached -> enforced' out &&
	grep -q '^REGRESSED .*open -> not tested' out
n $? "the way back is fixed, but what nobody looks at any more is a regression ($got)"
$report diff base.json "$data/exit-6.json" >out 2>err
[ $? -eq 6 ]
n $? 'a new run that cannot be believed: 6'
refused 2 'is no baseline' 'a baseline of a run that cannot be believed' baseline "$data/exit-6.json" -o out.xml
refused 2 'usage' 'diff of one' diff base.json
refused 2 'must be "confine-results/1"' 'a baseline as the new run' diff "$data/exit-0.json" base.json -o out.xml
sed 's/"require":	1/"require":	2/' base.json >level.json
refused 2 'cannot be compared' 'two runs that were asked for different levels' diff level.json "$data/exit-0.json" -o out.xml

# --- a baseline that does not fit ---
sed '/"rows":/,$d' base.json >rows.json
echo '"rows": []}' >>rows.json
sed 's/"target":	"confine"/"target":	"other"/' base.json >target.json
sed 's/"hostname":	"host-a"/"hostname":	"host-b"/' base.json >host.json
sed 's/"id":	"\([a-z]*\.\)/"id":	"\1zz/' base.json >probes.json
sed 's/"id":	"/"id":	"a/' base.json >alien.json
for format in junit html oscal markdown prometheus text; do
	refused 2 '^confine report: rows.json: /rows: must not be empty' "$format and a baseline of nothing" \
		$format "$data/exit-1.json" --baseline rows.json -o out.xml
	refused 2 'is of target other, this run of confine' "$format and a baseline of another target" \
		$format "$data/exit-1.json" --baseline target.json -o out.xml
	refused 2 'alien.json: .*nothing to compare' "$format and a baseline that shares no row" \
		$format "$data/exit-1.json" --baseline alien.json -o out.xml
done
refused 2 '/rows: must not be empty' 'a baseline of nothing to diff with' diff rows.json "$data/exit-1.json" -o out.xml
refused 2 'nothing to compare' 'a diff of what shares no row' diff alien.json "$data/exit-1.json" -o out.xml
refused 2 '/rows: must not be empty' 'a baseline of nothing as a baseline' baseline rows.json -o out.xml
noted() { # file, pattern, what
	$report text "$data/exit-0.json" --baseline "$1" >out 2>err
	got=$?
	[ "$got" -eq 0 ] && [ "$(wc -l <err)" -eq 1 ] && grep -q "^confine report: $1: $2" err
	n $? "$3: 0, one line ($got: $(head -c 200 err))"
}
noted host.json 'the baseline is of host host-b, this run of host-a$' 'a baseline of another host'
noted probes.json 'the baseline lacks 5 of the 10 requirements and probes.*: .*, \.\.\.$' 'a baseline without these probes'
$report text "$data/exit-0.json" --baseline base.json >out 2>err
[ $? -eq 0 ] && [ ! -s err ]
n $? 'nothing is said about one that fits'
$report baseline "$data/exit-1.json" | sed '/probe-5"/,/verdict/s/"verdict":	"open"/"verdict":	"untestable"/' >was.json
$report diff was.json "$data/exit-1.json" >out 2>err
got=$?
[ "$got" -eq 0 ] && grep -q '^CHANGED .*probe-5: untestable -> open' out &&
	grep -q '^0 regressed, 0 fixed, 0 new, 0 gone, 1 changed' out
n $? "what could not be tested, and is open, is not fixed ($got)"

# --- where it goes ---
rm -f out.xml
$report junit "$data/exit-0.json" >/dev/full 2>err
[ $? -eq 74 ] && [ "$(wc -l <err)" -eq 1 ]
n $? 'no space on stdout: 74'
$report junit "$data/exit-0.json" -o /dev/full 2>err
[ $? -eq 74 ] && [ -c /dev/full ]
n $? 'no space on a device: 74, and the device is still one'
$report text "$data/exit-0.json" -o /dev/null 2>err
[ $? -eq 0 ] && [ -c /dev/null ]
n $? '-o /dev/null is written to, not replaced'
$report text "$data/exit-1.json" -o - >out
[ $? -eq 1 ] && grep -q '^exit 1: breached' out
n $? '-o - is stdout'
$report junit "$data/exit-0.json" -o no/such/dir/out.xml 2>err
[ $? -eq 74 ] && [ "$(wc -l <err)" -eq 1 ]
n $? 'a directory that is not there: 74'
"$BUILD/libexec/confine/confine-report" junit "$data/exit-0.json" >&- 2>err
[ $? -eq 74 ]
n $? 'closed stdout: 74'
{ $report junit "$data/exit-0.json" 2>err; echo $? >status; } | true
read -r got <status
case $got in 0 | 74) true ;; *) false ;; esac
n $? "a reader that goes away: no death by signal ($got)"
mkfifo pipe
{ sleep 0.1; cat pipe >copy; } &
$report text "$data/exit-0.json" -o pipe
got=$?
wait
[ "$got" -eq 0 ] && [ -p pipe ] && grep -q '^exit 0: pass' copy
n $? 'a named pipe is written to'

echo old >out.xml
chmod 600 out.xml
$report junit missing.json -o out.xml 2>err
[ "$(cat out.xml)" = old ]
n $? 'bad input leaves an old report alone'
mkdir full
if [ "$(id -u)" -eq 0 ] && command -v unshare >/dev/null 2>&1 && unshare -m true 2>/dev/null; then
	unshare -m sh -c '
		mount -t tmpfs -o size=8k none full || exit 1
		echo old >full/out.xml
		$1 junit "$2/exit-0.json" -o full/out.xml 2>err
		[ $? -eq 74 ] && [ "$(ls full)" = out.xml ] && [ "$(cat full/out.xml)" = old ]
	' sh "$report" "$data"
	n $? 'a full disk: 74, the old report stays, no temporary file is left'
else
	echo 'ok - a full disk # SKIP needs a mount namespace'
fi
cp "$data/exit-0.json" mine.json
ln -s mine.json link.json
refused 2 'would be overwritten' 'input and output are one file' junit mine.json -o ./link.json
cmp -s mine.json "$data/exit-0.json"
n $? 'and the input is as it was'
[ -z "$(find . -name '*.tmp')" ]
n $? 'no temporary file is left'

# --- terminal ---
$report text "$data/exit-1.json" >out
! grep -q "$esc" out
n $? 'no colour into a file'
if command -v script >/dev/null 2>&1; then
	seen() { # environment…
		env "$@" script -qec "$report text $data/exit-1.json" /dev/null </dev/null >tty 2>/dev/null
		grep -q "$esc\[1;31mBREACHED" tty
	}
	seen TERM=xterm; n $? 'colour on a terminal'
	seen TERM=xterm NO_COLOR=1; [ $? -eq 1 ]; n $? 'NO_COLOR is honoured'
	seen TERM=xterm NO_COLOR=; n $? 'an empty NO_COLOR is none'
	seen TERM=dumb; [ $? -eq 1 ]; n $? 'TERM=dumb has no colour'
else
	echo 'ok - colours # SKIP needs script(1)'
fi

$report --help >out
[ $? -eq 0 ] && grep -q '^usage: confine report FORMAT FILE' out && grep -q '^  junit ' out
n $? '--help'
$report --version | grep -Eq '^confine [0-9.]+$'
n $? '--version'
