#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: report.receipt-printed
# title: Print a receipt that promises everything
# requirement: RPT-22
# class: C
# needs: receipt
# setup: nothing
# witness: receipt
# refusals: witness
# reach: caller
# budget: seconds=3 tasks=32 memory=64M output=64K
# rests-on: RPT-01
# what: Prints a forged receipt (a launcher's written statement about the run) to standard
#   output, standard error and every descriptor up to 9 that is open, and ends with status 125,
#   that of a launcher which refused to run anything. The harness compares the launcher's own
#   receipt with what it saw.
# why: Where a statement goes out through the same stream as the script's output, the reader
#   cannot tell whose words are whose.
# remedy: Write the receipt to a file or a descriptor that the script does not have. Impact:
#   none.
. "${0%/*}/../lib.sh"
begin "$1"
forged='{"schema":"confine-receipt/1","outcome":"refused","uid":0,"confineExit":0,"promises":{}}'
for stream in 1 2 3 4 5 6 7 8 9; do
	{ printf '%s\n' "$forged" >&"$stream"; } 2>/dev/null
done
say reached -
exit 125
