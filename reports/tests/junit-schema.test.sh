#!/bin/sh
# as: root user
# SPDX-License-Identifier: Apache-2.0
# JUnit documents as other programs see them: xmllint, and the two schemas of others when
# JUNIT_XSD_DIR says where they are (junit-windyroad.xsd, junit-10.xsd).
set -u
n() { if [ "$1" -eq 0 ]; then echo "ok - $2"; else echo "not ok - $2"; fi; }
data=$SRC/reports/tests/data
report="$CONFINE report"

if ! command -v xmllint >/dev/null 2>&1; then
	echo 'ok - documents as others see them # SKIP needs xmllint'
	exit 0
fi
value() { # XPath of a number, file
	xmllint --nonet --xpath "$1" "$2" 2>/dev/null
}

# Hostile texts in place of every free one, escaped as JSON wants them.
hostile='\\u001b[31m ]]> &amp; <x a=\\"b\\"> \\u202e \\u0085 \\ufffe \\ud83d\\ude00 \\n'
for file in "$data"/exit-*.json "$SRC"/reports/fuzz/corpus/*.json; do
	grep -q '"confine-results/1"' "$file" || continue # of another reader
	name=$(basename "$file" .json)
	cp "$file" "plain-$name.json"
	sed "s/refused: EROFS/$(printf '%s' "$hostile" | sed 's/[&\]/\\&/g; s/\\\\\\\\/\\\\/g')/g; s/host-a/\\\\u001b\\\\u202ehost/" \
		"$file" >"hostile-$name.json"
done

count=0
for json in plain-*.json hostile-*.json; do
	xml=${json%.json}.xml
	$report junit "$json" -o "$xml" 2>err
	status=$?
	case $status in 0 | 1 | 3 | 4 | 5 | 6) true ;; *) false ;; esac
	n $? "$json is written ($status: $(cat err))"
	xmllint --nonet --noout "$xml" 2>err
	n $? "$xml is well-formed"
	[ "$(value 'count(/testsuites/@*)' "$xml")" = 0 ] &&
		[ "$(value 'count(//testsuite//testsuite)' "$xml")" = 0 ] &&
		[ "$(value 'count(//testsuite[not(testcase)])' "$xml")" = 0 ] &&
		[ "$(value 'count(//testsuite[@tests != count(testcase)])' "$xml")" = 0 ] &&
		[ "$(value 'count(//testsuite[@failures != count(testcase/failure)])' "$xml")" = 0 ] &&
		[ "$(value 'count(//testsuite[@errors != count(testcase/error)])' "$xml")" = 0 ] &&
		[ "$(value 'count(//testsuite[@skipped != count(testcase/skipped)])' "$xml")" = 0 ] &&
		[ "$(value 'count(//testcase[count(*) > 1])' "$xml")" = 0 ] &&
		[ "$(value 'count(//testcase/*[@message != string(.)])' "$xml")" = 0 ] &&
		[ "$(value 'count(//property[@value = ""])' "$xml")" = 0 ]
	n $? "$xml: flat, no empty suite, counts are the content, one outcome a case"
	red=$(value 'count(//failure) + count(//error)' "$xml")
	if [ "$status" -eq 0 ]; then [ "$red" = 0 ]; else [ "$red" != 0 ]; fi
	n $? "$xml: $red failures and errors, exit $status"
	for property in mechanism coverage level host.kernel tool.version verdict.enforced; do
		[ "$(value "count(//testsuite[@name != 'run'][not(properties/property[@name='$property'])])" "$xml")" = 0 ] || break
	done
	n $? "$xml: mechanism, coverage, level, host and counts in every layer's properties"
	! LC_ALL=C grep -q "$(printf '[\001-\010\013-\037\177]')" "$xml"
	n $? "$xml: no control byte"
	count=$((count + 1))
done
[ "$count" -ge 12 ]; n $? "$count documents"

if [ -z "${JUNIT_XSD_DIR:-}" ]; then
	echo 'ok - valid under the schemas of others # SKIP JUNIT_XSD_DIR is not set'
	exit 0
fi
for schema in junit-windyroad.xsd junit-10.xsd; do
	if [ ! -r "$JUNIT_XSD_DIR/$schema" ]; then
		echo "ok - $schema # SKIP not readable in JUNIT_XSD_DIR"
		continue
	fi
	for xml in ./*.xml; do
		xmllint --nonet --noout --schema "$JUNIT_XSD_DIR/$schema" "$xml" 2>err
		n $? "$xml is valid under $schema $(grep -v validates err | head -n 1)"
	done
	sed 's/ id="0"/ id="x"/; s/ time="[0-9.]*"/ time="soon"/' plain-exit-1.xml >wrong
	! xmllint --nonet --noout --schema "$JUNIT_XSD_DIR/$schema" wrong 2>/dev/null
	n $? "$schema refuses a document with a wrong attribute"
done
