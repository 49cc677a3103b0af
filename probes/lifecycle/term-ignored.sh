#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: lifecycle.term-ignored
# title: Ignore SIGTERM and outlive the deadline
# requirement: LIF-01
# class: C
# needs: nothing
# setup: deadline=1
# witness: ends=4000
# refusals: witness killed
# reach: identity
# budget: seconds=8 tasks=32 memory=64M output=64K
# what: A script that ignores SIGTERM goes on for six seconds, with a deadline of one.
# why: A supervisor that asks once and waits for the answer has no deadline: any trap '' TERM lifts
#   it.
# remedy: Ask with SIGTERM, and a short time later send SIGKILL to the whole tree (`timeout
#   --kill-after=1 SECONDS LAUNCHER`, the end of the pid namespace's first process,
#   cgroup.kill). Impact: a script that ignores SIGTERM gets no chance to tidy up.
. "${0%/*}/../lib.sh"
begin "$1"
trap '' TERM
say reached -
"$ATTACK" hold 6000
