#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: report.fault-limits
# title: Open more files than allowed where no limit can be set
# requirement: RPT-21
# class: C
# needs: nothing
# policy: /onUnavailable="fail"
# policy: /resources/maxOpenFiles=64
# setup: handicap=limits
# witness: nothing
# refusals: refused EMFILE
# reach: identity
# budget: seconds=3 tasks=32 memory=64M output=64K
# rests-on: RES-02
# what: The policy allows 64 open files, and the launcher is started where no limit can be set
#   (setrlimit and prlimit answer EPERM); the script, if it is run at all, duplicates a
#   descriptor up to 128 times.
# why: A limit that could not be set is no limit, and setrlimit is a call whose answer few
#   programs read.
# remedy: Check the answer of every call of the set-up. Where one fails that a promise rests on,
#   refuse to run, or state the loss where the policy allows it. Impact: hosts that lack the
#   call run nothing, unless the policy allows the loss.
. "${0%/*}/../lib.sh"
begin "$1"
act open-many 128 8
