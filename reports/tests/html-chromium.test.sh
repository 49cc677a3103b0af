#!/bin/sh
# as: root
# SPDX-License-Identifier: Apache-2.0
# The pages of a run and of a fleet in headless Chromium, where one is installed: styled, bare, under
# Jenkins' policy, in print, at three widths, light and dark. In a network namespace of its own.
set -u
n() { if [ "$1" -eq 0 ]; then echo "ok - $2"; else echo "not ok - $2"; fi; }
data=$SRC/reports/tests/data
browser=$(command -v chromium || command -v chromium-browser || command -v google-chrome || :)
if [ -z "$browser" ]; then
	echo 'ok - the page in a browser # SKIP needs chromium'
	exit 0
fi
if ! command -v python3 >/dev/null 2>&1 || ! unshare -n true 2>/dev/null; then
	echo 'ok - the page in a browser # SKIP needs python3 and a network namespace'
	exit 0
fi
# One document with failures and one with hostile texts; the soak takes all.
wanted='exit-1'
[ -z "${CONFINE_SOAK:-}" ] || wanted='exit-0 exit-1 exit-3 exit-4 exit-5 exit-6'
for name in $wanted; do
	"$CONFINE" report html "$data/$name.json" -o "$name.html" 2>err
	[ -s "$name.html" ]
	n $? "$name.html is written $(cat err)"
done
hostile='\\u001b[31m ]]> \&amp; <script>document.title=1<\/script> <img src=x onerror=alert(1)> \\u202e aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'
sed "s/refused: EROFS/$hostile/g; s/host-a/<b>host\\&<\/b>aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/" \
	"$data/exit-1.json" >hostile.json
# The name of a fact that is one long word: no term may be wider than the page.
sed -i 's/^\([[:space:]]*\)"kernel":/\1"'"$(printf '%0180d' 0)"'": "value",\n&/' hostile.json
sed -i 's/"title":[[:space:]]*"[^"]*/&'"$(printf '%0180d' 0)"'/' hostile.json
grep -q '"0000' hostile.json && grep -q '"title":.*0000"' hostile.json
n $? 'a fact has a long name, and a requirement a long title'
"$CONFINE" report html hostile.json -o hostile.html 2>err
[ -s hostile.html ]
n $? "hostile.html is written $(cat err)"
# A fleet: one host that is well, one that fails, one with hostile texts, one that is missing.
mkdir fleet
sed "s/\"host-a\"/\"good\"/; s/00ff/0aaa/" "$data/exit-0.json" >fleet/good.results.json
cp "$data/exit-1.json" fleet/bad.results.json
sed 's/00ff/0bbb/' hostile.json >fleet/hostile.results.json
printf 'good\nhost-a\nmissing\n' >expect
"$CONFINE" report merge html fleet --expect expect -o fleet.html 2>err
[ -s fleet.html ]
n $? "fleet.html is written $(cat err)"
if [ -n "${CONFINE_SOAK:-}" ] && [ -x "${CONFINE_TESTS:-}/reports/tests/test_html" ]; then
	# Verdicts in every mix, hostile texts in every field, waivers: what the unit test writes.
	mkdir samples
	CONFINE_SAMPLES=$PWD/samples CONFINE_SWEEP=36 SRC=$SRC \
		"$CONFINE_TESTS/reports/tests/test_html" >log 2>&1
	[ "$(find samples -name '*.html' | wc -l)" -eq 36 ]
	n $? "samples are written $(tail -n 1 log)"
	mv samples/*.html .
fi
timeout -k 5 1200 unshare -n python3 "$SRC/reports/tests/html_chromium.py" "$browser" ./*.html
n $? 'the browser was driven to the end'
