#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: report.fault-pivot
# title: Write outside where the root cannot be changed
# requirement: RPT-21
# class: C
# needs: nothing
# policy: /onUnavailable="fail"
# setup: canary-file handicap=pivot
# witness: canary-file
# refusals: refused EROFS EACCES EPERM ENOENT
# reach: identity
# budget: seconds=3 tasks=32 memory=64M output=64K
# rests-on: FS-01
# what: The launcher is started where pivot_root and chroot answer EPERM, as inside many a
#   container; the script, if it is run at all, appends a line to a file outside scratch.
# why: Changing the root is the last of a dozen steps, and everything before it has gone well
#   by then. runc has an option, --no-pivot, that goes another way instead: the two are not
#   the same wall.
# remedy: Check the answer of every call of the set-up. Where one fails that a promise rests on,
#   refuse to run, or state the loss where the policy allows it. Impact: hosts that lack the
#   call run nothing, unless the policy allows the loss.
. "${0%/*}/../lib.sh"
begin "$1"
act append "$CANARY"
