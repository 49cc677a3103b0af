#!/bin/sh
# as: root user
# SPDX-License-Identifier: Apache-2.0
# Many runs into one document: hosts that are missing, unexpected, twice or stale; flat memory.
set -u
n() { if [ "$1" -eq 0 ]; then echo "ok - $2"; else echo "not ok - $2"; fi; }
data=$SRC/reports/tests/data
report="$CONFINE report"

host() { # name, status of the document, directory: a run of its own
	mkdir -p "$3/$1"
	run=$(printf '%s' "$1" | cksum | tr -d ' ')
	sed "s/\"host-a\"/\"$1\"/; s/\(\"id\":[[:space:]]*\"\)[0-9a-f]*\(\",\)$/\1$run\2/" \
		"$data/exit-$2.json" >"$3/$1/results.json"
}
status_is() { # wanted, what, argument…
	want=$1 what=$2
	shift 2
	"$@" >out 2>err
	got=$?
	[ "$got" -eq "$want" ]
	n $? "$what: $want ($got $(head -c 200 err))"
}
refused() { # status, pattern, what, argument…
	want=$1 pattern=$2 what=$3
	shift 3
	rm -f out.xml
	$report "$@" -o out.xml >out 2>err
	got=$?
	[ "$got" -eq "$want" ] && [ ! -s out ] && [ "$(wc -l <err)" -eq 1 ] &&
		grep -q "$pattern" err && [ ! -e out.xml ]
	n $? "$what: $want, one line, no file ($got: $(head -c 200 err))"
}

for name in a.example b.example c.example; do host $name 0 good; done
cp -r good mixed
host d.example 1 mixed
host e.example 3 mixed
printf 'a.example\nb.example # a comment\n\nc.example\n' >expect
printf 'a.example\nb.example\nz.example\n' >other

for format in html junit oscal prometheus text; do
	status_is 0 "$format of a good fleet" $report merge $format good --expect expect
	status_is 1 "$format of a mixed fleet" $report merge $format mixed
	status_is 4 "$format where a host is missing" $report merge $format good --expect other
	cp out once
	$report merge $format good/c.example good/a.example/results.json good/b.example \
		--expect other >twice 2>err
	cmp -s once twice
	n $? "$format: the order of the arguments changes nothing"
done
status_is 1 'several files without merge' $report text mixed/*/results.json
grep -q '^5 runs, 3 pass, 1 breached, 1 degraded$' out
n $? 'the counts are those of the runs'
status_is 4 'the text where a host is missing' $report merge text good --expect other
grep -q '^missing  *z.example' out && grep -q 'c.example.*nobody expected' out
n $? 'the missing and the unexpected host are named'
refused 2 'can be merged into html, junit' 'a format that cannot' merge markdown good

# --- junit ---
if command -v xmllint >/dev/null 2>&1; then
	$report merge junit mixed --expect other -o fleet.xml 2>err
	value() { xmllint --nonet --xpath "$1" fleet.xml 2>/dev/null; }
	[ "$(value 'count(//testcase[@name="z.example.reported"]/error)')" = 1 ]
	n $? 'a missing host is an error case'
	[ "$(value 'count(//testsuite[@name="fleet"]/testcase/skipped)')" = 3 ]
	n $? 'three hosts that nobody expected are skipped cases'
	[ "$(value 'count(//testcase[@classname="a_example.filesystem"])')" != 0 ]
	n $? 'the host is in the class name, its dots are none of a package'
	[ "$(value 'count(//testsuite[@tests != count(testcase)])')" = 0 ]
	n $? 'counts are the content'
	ids=$(xmllint --nonet --xpath '//testsuite/@id' fleet.xml | grep -o '[0-9]*')
	[ "$(printf '%s\n' "$ids" | sort -u | wc -l)" -eq "$(printf '%s\n' "$ids" | wc -l)" ]
	n $? 'suite ids come once'
	for schema in junit-windyroad.xsd junit-10.xsd; do
		if [ -z "${JUNIT_XSD_DIR:-}" ] || [ ! -r "$JUNIT_XSD_DIR/$schema" ]; then
			echo "ok - $schema # SKIP not readable in JUNIT_XSD_DIR"
			continue
		fi
		xmllint --nonet --noout --schema "$JUNIT_XSD_DIR/$schema" fleet.xml 2>err
		n $? "the fleet is valid under $schema $(grep -v validates err | head -n 1)"
	done
	$report merge html mixed --expect other -o fleet.html 2>err
	xmllint --nonet --noout fleet.html 2>err
	n $? "the page of the fleet is well-formed $(head -n 1 err)"
else
	echo 'ok - documents as others see them # SKIP needs xmllint'
fi

# --- receipts of real runs ---
receipt() { # file, outcome, version, network's mechanism, promises
	mkdir -p "${1%/*}"
	cat >"$1" <<EOF
{"schema": "confine-receipt/1", "version": "$3", "outcome": "$2",
 "policy": {"source": "shipped", "profile": "default", "file": null, "reason": "r"},
 "requested": {"enabled": true},
 "mechanism": {"resources": "a wall", "filesystem": "a wall", "network": "$4", "privilege": "a wall",
  "syscalls": "a wall", "ipc": "a wall", "lifecycle": "a wall", "environment": "a wall",
  "output": "a wall", "scratch": "another wall"},
 "promises": {$5}}
EOF
}
stated() { # file, level: the target has a version, and its promises are those of receipts
	sed '/"target":/,/}/s/"version":[[:space:]]*""/"version": "1.2"/
		s/\("statedBy":[[:space:]]*"\)[a-z]*/\1receipt/
		/"level":[[:space:]]*{/,/}/s/"reached":[[:space:]]*0/"reached": '"$2/" "$1"
}
mkdir -p tested/a.example tested/d.example
stated good/a.example/results.json 1 >tested/a.example/results.json
stated mixed/d.example/results.json 0 >tested/d.example/results.json
kept='"RES-01": "enforced", "FS-01": "enforced", "FS-03": "enforced", "NET-01": "enforced", "RPT-01": "enforced", "RPT-02": "enforced"'
for i in 1 2 3 4; do receipt runs/a.example/day/$i.receipt.json exited 1.2 'a wall' "$kept"; done
receipt runs/a.example/5.receipt.json exited 1.1 'a wall' "$kept"
receipt runs/a.example/6.receipt.json exited 1.2 'no wall' "$kept"
receipt runs/a.example/7.receipt.json exited 1.2 'a wall' "$(echo "$kept" | sed 's/"FS-01": "enforced"/"FS-01": "degraded"/')"
receipt runs/a.example/receipt.json refused 1.2 'a wall' ''
receipt runs/d.example/receipt.json timeout 1.2 'a wall' "$kept"
receipt runs/z.example/receipt.json exited 1.2 'a wall' "$kept"
status_is 1 'real runs do not change the status' $report merge text tested --receipts runs
grep -q '^4 of 9 real runs (44.4 %) ran under what was tested on their host and passed; 1 more refused' out
n $? "the share of real runs: $(grep 'real runs' out)"
for what in '4 runs on 1 host, .*: tested, and the level was met' \
	'1 run on 1 host, confine 1.1, .*: NOT what was tested: version 1.2 was tested' \
	'1 run on 1 host, .*: NOT what was tested: network is done by no wall' \
	'1 run on 1 host, .*: NOT what was tested: does not promise FS-01' \
	'1 run on 1 host, .*: tested, and the level was NOT met' \
	'1 run on 1 host, .*: the host was not tested' '1 run on 1 host, .*: refused: nothing ran'; do
	grep -q "$what" out
	n $? "a row: $what"
done
for format in html junit oscal prometheus; do
	status_is 1 "$format with real runs" $report merge $format tested --receipts runs
	grep -q 'real.runs' out || grep -q 'Real runs' out
	n $? "$format tells of real runs"
done
receipt loose/receipt.json exited 1.2 'a wall' "$kept"
refused 2 'folder with its host' 'a receipt of no host' merge junit tested --receipts loose
mkdir no-receipts
refused 2 'has no HOST' 'a directory without receipts' merge junit tested --receipts no-receipts
mkdir -p cut/a.example
head -c 200 runs/a.example/receipt.json >cut/a.example/receipt.json
refused 2 'cut/a.example/receipt.json: line' 'a receipt that is cut' merge junit tested --receipts cut
sed 's|confine-receipt/1|confine-receipt/9|' runs/a.example/receipt.json >cut/a.example/receipt.json
refused 2 '/schema: must be "confine-receipt/1"' 'a receipt of another schema' merge junit tested --receipts cut

# --- what is refused ---
mkdir empty
refused 2 'has no file called results.json' 'a directory without results' merge junit empty
refused 2 'missing' 'a file that is not there' merge junit missing
refused 2 'is named twice' 'the same file twice' merge junit good/a.example/results.json good/a.example/results.json
cp -r good again
sed -i 's/a.example/A.example/' again/a.example/results.json
refused 6 'comes twice, as host' 'one run under two names' merge junit good again/a.example
cp -r good same
sed -i 's/\("id":[[:space:]]*"\)[0-9a-f]*\(",\)$/\1feed\2/' same/a.example/results.json
refused 6 'reported twice' 'a host that reported twice' merge junit good same/a.example
refused 6 'is stale: the run ended at' 'a run that is too old' merge junit good --max-age 1h
status_is 0 'a run that is not too old' $report merge text good --max-age 87000h
refused 2 'max-age' 'an age that is none' merge junit good --max-age soon
: >none
refused 2 'names no host' 'a list of nobody' merge junit good --expect none
printf 'a.example\na.example\n' >double
refused 2 'twice' 'a host that is expected twice' merge junit good --expect double
cp -r good broken
head -c 700 good/a.example/results.json >broken/b.example/results.json
refused 2 'b.example/results.json: line' 'a run that is cut in the middle' merge junit broken
echo old >old.xml
$report merge junit broken -o old.xml 2>err
[ "$(cat old.xml)" = old ] && [ -z "$(find . -name '*.tmp')" ]
n $? 'an old report stays, no temporary file is left'
ln -s "$PWD/good" linked
mkdir with-link
ln -s "$PWD/good" with-link/elsewhere
refused 2 'has no file called' 'a link below a directory is not followed' merge junit with-link

# --- memory and time ---
python=$(command -v python3 || :)
if [ -z "$python" ]; then
	echo 'ok - memory of a large fleet # SKIP needs python3'
	exit 0
fi
counts='100 200'
[ -z "${CONFINE_SOAK:-}" ] || counts='1000 3000 10000'
cat >measure.py <<'EOF'
import resource, shutil, subprocess, sys
program, source, counts = sys.argv[1], sys.argv[2], [int(n) for n in sys.argv[3:]]
sys.path.insert(0, source + '/reports/tests')
sys.dont_write_bytecode = True
import fleet_data
fleet = fleet_data.Fleet(source + '/reports/tests/data', 'large', 120)
times = []
for count in counts:
    fleet.add(count)
    start = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([program, 'report', 'merge', 'junit', 'large', '-o', 'large.xml'])
    end = resource.getrusage(resource.RUSAGE_CHILDREN)
    times.append((end.ru_utime - start.ru_utime + end.ru_stime - start.ru_stime) / count)
# Of all children, and no less than ours between vfork and exec.
worst = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
print('at most %d kB, %s ms of processor for each host' %
      (worst, ' '.join('%.2f' % (t * 1000) for t in times)))
shutil.rmtree('large')
sys.exit(0 if worst < 64 * 1024 and times[-1] < 1.5 * times[0] + 0.002 else 1)
EOF
measured=$("$python" measure.py "$CONFINE" "$SRC" $counts)
n $? "$counts hosts: flat memory below 64 MiB, time grows with the hosts: $measured"
