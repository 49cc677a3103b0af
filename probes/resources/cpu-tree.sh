#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: resources.cpu-tree
# title: Burn more processor time together than the tree may
# requirement: RES-11
# class: C
# needs: nothing
# policy: /resources/treeCpuSeconds=1
# policy: /onUnavailable="degrade"
# setup: nothing
# witness: nothing
# refusals: SIGXCPU SIGKILL killed
# reach: identity
# budget: seconds=25 tasks=32 memory=64M output=64K
# what: After a pause two children spin until each has used 0.8 s of processor time: 1.6 s together, with 1 s
#   allowed for the tree and neither of them above it.
# why: RLIMIT_CPU is a number for one process, and how many processes there are is for the script to
#   choose: whoever forks often enough has all the time there is.
# remedy: Processor time is limited for each process, if at all. Only a cgroup counts the whole
#   tree, ended tasks too (`cpu.stat`, `cpuacct.usage`); the launcher has to watch that count
#   and end the run at the number. Impact: SIGKILL for the whole run at the number.
. "${0%/*}/../lib.sh"
begin "$1"
# So that a clock on the wall which stops at the same number stops this, and not the act.
"$ATTACK" hold 1300
act spend-cpu-tree 2 800 900 "$SCRATCH/spent"
