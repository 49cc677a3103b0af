#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: report.fault-descriptors
# title: Hold a descriptor where the newer call that closes them all is missing
# requirement: RPT-21
# class: C
# needs: nothing
# policy: /onUnavailable="fail"
# setup: canary-file fd-file handicap=descriptors
# witness: canary-file
# refusals: refused EBADF
# reach: identity
# budget: seconds=3 tasks=32 memory=64M output=64K
# rests-on: FD-01
# what: The launcher inherits descriptor 9, a file outside scratch that is open for writing,
#   and is started where close_range answers ENOSYS, as before Linux 5.9; the script, if it is
#   run at all, appends one line through descriptor 9.
# why: What is left to do then, a loop over /proc/self/fd or up to a limit, is the path that
#   nobody runs any more. A descriptor that stays open leads around every wall: CVE-2024-21626
#   (runc).
# remedy: Check the answer of every call of the set-up. Where one fails that a promise rests on,
#   refuse to run, or state the loss where the policy allows it. Impact: hosts that lack the
#   call run nothing, unless the policy allows the loss.
. "${0%/*}/../lib.sh"
begin "$1"
act append-descriptor "$LEAK_FD"
