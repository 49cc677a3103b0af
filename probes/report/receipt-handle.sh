#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: report.receipt-handle
# title: Write to the receipt by a descriptor that is open on it
# requirement: RPT-22
# class: C
# needs: receipt
# setup: receipt-open
# witness: receipt-forged
# refusals: absent EROFS EACCES EPERM ENOENT witness
# reach: identity
# budget: seconds=3 tasks=32 memory=64M output=64K
# rests-on: PRC-11 FD-01
# what: Looks behind every descriptor of every process in sight for the file of the launcher's
#   receipt, its written statement about the run, also under a temporary name that begins like
#   its own; opens it for writing through /proc, and writes words of its own.
# why: A file that is opened before the script starts is one that can leak into it:
#   descriptors lead around every mount, as in CVE-2024-21626 (runc, 2024).
# remedy: Open the receipt close-on-exec, in a process that the script cannot see (`bwrap
#   --unshare-pid --proc /proc`). Impact: none.
. "${0%/*}/../lib.sh"
begin "$1"
act forge-handles "$RECEIPT" "$FORGED"
