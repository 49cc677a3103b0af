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
