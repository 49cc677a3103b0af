#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: report.receipt-true
# title: Hold the receipt against what the script saw
# requirement: RPT-01
# class: P
# needs: receipt
# setup: nothing
# witness: receipt=facts
# refusals: witness
# reach: caller
# budget: seconds=3 tasks=32 memory=64M output=64K
# what: The script states its credentials, capability sets, namespaces and limits. The harness
#   compares them, and what it saw itself, with the receipt of the same run, the launcher's
#   written statement about it.
# why: A launcher that says `enforced` for what it only meant to do is worse than none: somebody
#   relies on it.
# remedy: The receipt is written from intentions. Read back every fact from outside after
#   set-up, before exec. Impact: some 0.2 ms a run.
. "${0%/*}/../lib.sh"
begin "$1"
say reached -
