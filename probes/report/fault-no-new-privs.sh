#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: report.fault-no-new-privs
# title: Run with the chance to gain privilege where that cannot be given up
# requirement: RPT-21
# class: P
# needs: nothing
# policy: /onUnavailable="fail"
# setup: handicap=no-new-privs
# witness: nothing
# refusals: refused absent
# closed: absent
# reach: caller
# budget: seconds=3 tasks=32 memory=64M output=64K
# rests-on: PRV-01
# what: The launcher is started where prctl(PR_SET_NO_NEW_PRIVS) answers EPERM; the script, if
#   it is run at all, asks the kernel whether the bit is set.
# why: The call cannot fail on a kernel that has it, so its answer is the one that is least
#   often looked at; under a filter it does fail, and then each set-user-ID file in view is a
#   way up.
# remedy: Check the answer of every call of the set-up. Where one fails that a promise rests on,
#   refuse to run, or state the loss where the policy allows it. Impact: hosts that lack the
#   call run nothing, unless the policy allows the loss.
. "${0%/*}/../lib.sh"
begin "$1"
act may-gain
