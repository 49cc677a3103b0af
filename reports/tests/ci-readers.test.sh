#!/bin/sh
# as: root
# SPDX-License-Identifier: Apache-2.0
# What readers of others make of our documents: the readers of CI systems that npm carries count as
# we count, and OSCAL is valid under the schemas of both versions. The modules are pinned in npm/ and
# installed by make into CONFINE_NPM, where npm and a registry are at hand; OSCAL's schemas are looked
# for in JUNIT_XSD_DIR, beside those of JUnit.
set -u
n() { if [ "$1" -eq 0 ]; then echo "ok - $2"; else echo "not ok - $2"; fi; }
tests=$SRC/reports/tests
data=$tests/data
npm=${CONFINE_NPM:-}
report="$CONFINE report"

if [ ! -d "$npm/node_modules" ]; then
	why=$(cat "$npm/why-not" 2>/dev/null)
	echo "ok - documents as readers of others see them # SKIP ${why:-make has installed no npm modules}"
	exit 0
fi

# --- JUnit: every data file in both dialects, hostile texts, a fleet ---
hostile='\\u001b[31m ]]> \&amp; <x a=\\"b\\"> \\u202e \\ufffe \\ud83d\\ude00'
mkdir fleet
for status in 0 1 3 4 5 6; do
	file=$data/exit-$status.json
	$report junit "$file" -o "exit-$status.xml" 2>>err
	$report junit "$file" --dialect rich -o "rich-$status.xml" 2>>err
	sed "s/refused: EROFS/$hostile/g; s/host-a/<b>\\\\u001b/" "$file" >hostile.json
	$report junit hostile.json -o "hostile-$status.xml" 2>>err
	mkdir "fleet/$status"
	sed "s/\"host-a\"/\"host$status.example\"/; s/\(\"id\":[[:space:]]*\"\)[0-9a-f]*\(\",\)$/\1aa$status\2/" \
		"$file" >"fleet/$status/results.json"
done
printf 'host0.example\nmissing.example\n' >expect
$report merge junit fleet --expect expect -o fleet.xml 2>>err
[ ! -s err ]
n $? "documents are written $(head -c 200 err)"

# What we print: the counts in the heads of the suites.
for xml in exit-*.xml rich-*.xml hostile-*.xml fleet.xml; do
	grep -o '<testsuite [^>]*>' "$xml" | awk -v file="$xml" '
		function number(name) { match($0, " " name "=\"[0-9]+"); return substr($0, RSTART + length(name) + 3, RLENGTH) + 0 }
		{ tests += number("tests"); failed += number("failures") + number("errors"); skipped += number("skipped") }
		END { print file, tests, tests - failed - skipped, failed, skipped }'
done >printed
node "$tests/npm/counts.mjs" "$npm" exit-*.xml rich-*.xml hostile-*.xml fleet.xml >read 2>err
n $? "every document is read $(head -c 300 err)"
for reader in xunit-viewer test-results-parser junit2json dorny/test-reporter mikepenz/action-junit-report; do
	grep "^$reader " read | cut -d' ' -f2- >seen
	cmp -s printed seen
	n $? "$reader counts as we do: $(diff printed seen | grep '^[<>]' | head -n 2 | tr '\n' ' ')"
done
[ "$(wc -l <printed)" -eq 19 ] && awk '{ bad += $4 } END { exit !bad }' printed
n $? "$(wc -l <printed) documents, with failures among them"
sed 's/<failure /<kept /; s/<\/failure>/<\/kept>/' exit-1.xml >lost.xml
! node "$tests/npm/counts.mjs" "$npm" lost.xml 2>/dev/null | cut -d' ' -f3- |
	grep -qx "$(sed -n 's/^exit-1.xml //p' printed)"
n $? 'a failure that is lost on the way is noticed'

# --- OSCAL ---
for version in 1.0.6 1.2.1; do
	schema=${JUNIT_XSD_DIR:-.}/oscal-assessment-results-$version.json
	if [ ! -r "$schema" ]; then
		echo "ok - OSCAL under $version # SKIP no oscal-assessment-results-$version.json in JUNIT_XSD_DIR"
		continue
	fi
	mkdir "oscal-$version"
	for status in 0 1 3 4 5 6; do
		$report oscal --dialect $version "$data/exit-$status.json" -o "oscal-$version/$status.json" 2>err
	done
	$report merge oscal --dialect $version fleet --expect expect -o "oscal-$version/fleet.json" 2>err
	# Verdicts in every mix, hostile texts in every field, waivers: the unit test keeps what it writes.
	if [ -x "${CONFINE_TESTS:-}/reports/tests/test_oscal" ]; then
		CONFINE_SAMPLES=$PWD/oscal-$version SRC=$SRC \
			"$CONFINE_TESTS/reports/tests/test_oscal" >log 2>&1
		n $? "samples are written $(tail -n 1 log)"
	fi
	find "oscal-$version" -name '*.json' | xargs node "$tests/npm/schema.mjs" "$npm" "$schema" >faults 2>&1
	n $? "$(find "oscal-$version" -name '*.json' | wc -l) OSCAL documents are valid under $version $(head -n 2 faults)"
	sed 's/"uuid":/"uuids":/' "oscal-$version/0.json" >wrong.json
	! node "$tests/npm/schema.mjs" "$npm" "$schema" wrong.json >faults 2>&1
	n $? "the schema of $version refuses a document without its uuid"
	rm -rf "oscal-$version"
done
