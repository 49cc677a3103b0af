#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: report.output-limit
# title: Be ended by the output budget
# requirement: RPT-03
# class: C
# needs: receipt
# policy: /resources/maxOutputBytes=65536
# setup: nothing
# witness: limit=maxOutputBytes receipt
# refusals: witness killed EPIPE SIGPIPE
# reach: caller
# budget: seconds=5 tasks=32 memory=128M output=4M
# rests-on: OUT-01
# what: Writes 1 MiB to standard output, with 64 KiB allowed. The launcher must outlive it, and
#   name the budget as the cause in its receipt, its written statement about the run.
# why: Killed is not a cause: a limit, a crash and a deadline need different answers.
# remedy: Record which limit fired before killing, and write it to the receipt. Impact: none.
. "${0%/*}/../lib.sh"
begin "$1"
flood out 1M text polite
