#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: report.exit-status
# title: End with the status that means a deadline
# requirement: RPT-03
# class: P
# needs: receipt
# setup: nothing
# witness: exit-status=124 receipt
# refusals: witness
# reach: caller
# budget: seconds=3 tasks=32 memory=64M output=64K
# what: Ends with status 124, which launchers use for a run that timed out. The launcher must
#   pass it on, and say in its receipt, its written statement about the run, that nothing timed
#   out.
# why: A status is one byte that three parties write to. Only the receipt can say whose it was.
# remedy: Pass the status through, and say in the receipt that the script exited by itself.
#   Impact: none.
. "${0%/*}/../lib.sh"
begin "$1"
say reached -
exit 124
