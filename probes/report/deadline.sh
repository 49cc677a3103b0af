#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: report.deadline
# title: Be ended by the deadline
# requirement: RPT-03
# class: C
# needs: receipt
# setup: deadline=1
# witness: receipt
# refusals: witness killed
# reach: caller
# budget: seconds=6 tasks=32 memory=64M output=64K
# what: Waits past a deadline of 1 s. The launcher must name the deadline as the cause in its
#   receipt, its written statement about the run.
# why: A deadline that is reported as a failure of the script is looked for in the wrong place.
# remedy: Record the deadline before killing, and write it to the receipt. Impact: none.
. "${0%/*}/../lib.sh"
begin "$1"
say reached -
"$ATTACK" hold 5000
