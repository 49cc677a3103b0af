#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: resources.cpu-seconds
# title: Burn more processor time than one process may
# requirement: RES-02
# class: C
# needs: nothing
# policy: /resources/cpuSeconds=1
# setup: nothing
# witness: nothing
# refusals: SIGXCPU SIGKILL killed
# reach: identity
# budget: seconds=12 tasks=32 memory=64M output=64K
# what: After a pause a child spins until it has used 1.3 s of processor time, with 1 s allowed.
# why: A loop without an end is the commonest accident. A wall clock deadline alone also stops
#   the script that only waits.
# remedy: RLIMIT_CPU is not set. `prlimit --cpu=1 LAUNCHER` or the launcher's own option.
#   Impact: SIGXCPU, then SIGKILL, for the process that goes past it.
. "${0%/*}/../lib.sh"
begin "$1"
# So that a clock on the wall which stops at the same number stops this, and not the act.
"$ATTACK" hold 1300
act spend-cpu 1300 500 "$SCRATCH/spent"
