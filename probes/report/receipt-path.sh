#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: report.receipt-path
# title: Write the receipt
# requirement: RPT-22
# class: C
# needs: receipt
# setup: receipt-open
# witness: receipt-forged
# refusals: EROFS EACCES EPERM ENOENT witness
# reach: identity
# budget: seconds=3 tasks=32 memory=64M output=64K
# rests-on: FS-01
# what: Opens the file that the launcher was told to write its receipt (its statement about the
#   run) to, creating it where it is not there yet, and writes words of its own. Outside, this
#   identity may write it.
# why: A statement about a run that the run itself can write is worth nothing: it is the first
#   thing that somebody who got out would put right.
# remedy: The receipt lies where the script may write. Put it outside everything that is
#   shown, and move it there under its name when it is whole. Impact: none.
. "${0%/*}/../lib.sh"
begin "$1"
act forge "$RECEIPT" "$FORGED"
