#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: report.fault-capabilities
# title: Keep capabilities that could not be given up
# requirement: RPT-21
# class: P
# needs: nothing
# policy: /onUnavailable="fail"
# setup: handicap=capabilities
# witness: nothing
# refusals: refused absent
# closed: absent
# reach: caller
# budget: seconds=3 tasks=32 memory=64M output=64K
# rests-on: PRV-01
# what: The launcher is started where capset and prctl(PR_CAPBSET_DROP) answer EPERM; the
#   script, if it is run at all, asks the kernel for each bit of its bounding set.
# why: A set that could not be emptied looks, to whoever does not read the answer, like one
#   that was; and what is left in it comes back with the next program that is started.
# remedy: Check the answer of every call of the set-up. Where one fails that a promise rests on,
#   refuse to run, or state the loss where the policy allows it. Impact: hosts that lack the
#   call run nothing, unless the policy allows the loss.
. "${0%/*}/../lib.sh"
begin "$1"
act any-bounding
