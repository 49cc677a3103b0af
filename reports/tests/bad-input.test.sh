#!/bin/sh
# as: user
# SPDX-License-Identifier: Apache-2.0
# What comes from outside and is bad: results, baselines, waivers, lists of hosts, receipts. One line,
# exit 2, bounded memory, nothing written, and an old report stays as it was.
set -u
n() { if [ "$1" -eq 0 ]; then echo "ok - $2"; else echo "not ok - $2"; fi; }
data=$SRC/reports/tests/data
report="$CONFINE report"

mkdir -p good/a runs/host-a
cp "$data/exit-0.json" good/a/results.json
$report baseline "$data/exit-0.json" -o baseline.json
cat >waivers.json <<'EOF'
{"schema": "confine-waivers/1", "waivers": [{"id": "FS-01", "reason": "r", "owner": "o", "approver": "p", "expires": "2026-02-01"}]}
EOF
cp "$SRC/reports/fuzz/corpus/receipt.json" runs/host-a/receipt.json
$report merge text good --receipts runs >out 2>err && $report text "$data/exit-0.json" --waivers waivers.json >out 2>err &&
	$report diff baseline.json "$data/exit-0.json" >out 2>err
n $? "all readers take what is good $(head -c 200 err)"

# Address space is limited too: whatever the file is, a reader stays below 800 MB.
try() { # reader, file
	echo old >out.xml
	rm -rf case
	mkdir -p case/host-a
	(
		ulimit -v 800000
		case $1 in
		results) $report junit "$2" -o out.xml ;;
		stdin) $report junit - -o out.xml <"$2" ;;
		merged) ln "$2" case/host-a/results.json && $report merge junit case -o out.xml ;;
		waivers) $report junit "$data/exit-0.json" --waivers "$2" -o out.xml ;;
		baseline) $report diff "$2" "$data/exit-0.json" -o out.xml ;;
		expect) $report merge junit good --expect "$2" -o out.xml ;;
		receipts) ln "$2" case/host-a/receipt.json && $report merge junit good --receipts case -o out.xml ;;
		esac
	) >out 2>err </dev/null
	got=$?
	[ "$got" -eq 2 ] && [ ! -s out ] && [ "$(wc -l <err)" -eq 1 ] && [ "$(wc -c <err)" -lt 600 ] &&
		! LC_ALL=C grep -q "$(printf '[\001-\010\013-\037\177]')" err && [ "$(cat out.xml)" = old ] &&
		[ -z "$(find . -name '*.tmp')" ]
	n $? "$1, $2: one line, 2, the old report stays ($got: $(head -c 160 err))"
}

# Made by printf and dd alone: no tool that may be missing.
: >empty
printf '%s' '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><x>&b;</x>' >entity-bomb
printf '%s' '<!DOCTYPE x SYSTEM "http://127.0.0.1:1/x.dtd"><x/>' >external-entity
dd if=/dev/zero of=line-of-1GiB bs=1 count=0 seek=1073741824 2>/dev/null
yes '[' | tr -d '\n' | head -c 1000000 >nested
{ printf '['; yes '0,' | tr -d '\n' | head -c 30000000; printf '0]'; } >many-values
{ printf '{"schema": "'; yes a | tr -d '\n' | head -c 3000000; printf '"}'; } >long-schema
printf '{"schema": "confine-results/99", "waivers": [], "version": "1"}' >future
printf '{"schema": 1, "schema": 1}' >twice
printf '\033[31m{"a": \377}' >bytes
head -c 400 "$data/exit-0.json" >cut-results
head -c 60 waivers.json >cut-waivers
head -c 100 baseline.json >cut-baseline
head -c 100 runs/host-a/receipt.json >cut-receipts
for reader in results waivers baseline receipts; do
	for file in empty entity-bomb external-entity line-of-1GiB nested many-values long-schema future twice bytes cut-$reader; do
		try $reader "$file"
	done
done
for file in line-of-1GiB many-values nested; do
	try stdin "$file"
	try merged "$file"
done
for file in empty line-of-1GiB; do try expect "$file"; done
cp waivers.json same-waiver
sed -i 's/\(\[\)\({.*}\)\(\]\)/\1\2, \2\3/' same-waiver
try waivers same-waiver
