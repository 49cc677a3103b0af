#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: report.fault-remount
# title: Write to what was to be shown read-only where no mount can be changed
# requirement: RPT-21
# class: C
# needs: nothing
# policy: /onUnavailable="fail"
# setup: canary-visible handicap=remount
# witness: canary-file
# refusals: refused EROFS EACCES EPERM ENOENT
# reach: identity
# budget: seconds=3 tasks=32 memory=64M output=64K
# rests-on: FS-12
# what: The launcher is started where a mount can be made but not changed (mount with
#   MS_REMOUNT and mount_setattr answer EPERM); the script, if it is run at all, appends a
#   line to a file in a tree that was to be shown read-only.
# why: Before Linux 5.12 a bind mount became read-only in a second call. Whoever did not read
#   its answer had a writable one: MS_RDONLY in the first call is ignored without a word.
# remedy: Check the answer of every call of the set-up. Where one fails that a promise rests on,
#   refuse to run, or state the loss where the policy allows it. Impact: hosts that lack the
#   call run nothing, unless the policy allows the loss.
. "${0%/*}/../lib.sh"
begin "$1"
act append "$CANARY"
