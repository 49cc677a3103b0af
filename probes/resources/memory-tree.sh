#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: resources.memory-tree
# title: Take the memory with four processes, each below the limit
# requirement: RES-11
# class: C
# needs: nothing
# policy: /resources/memoryBytes=33554432
# policy: /resources/treeCpuSeconds=60
# policy: /onUnavailable="degrade"
# setup: nothing
# witness: nothing
# refusals: ENOMEM SIGKILL killed
# reach: identity
# budget: seconds=8 tasks=32 memory=256M output=64K
# what: Four children take 12 MiB of private memory each and hold it at the same time: 48 MiB
#   together, with 32 MiB allowed and none of them above it.
# why: RLIMIT_AS and RLIMIT_DATA are numbers for one process; how many processes there are is
#   for the script to choose.
# remedy: Memory is limited per process, if at all. Only a memory cgroup counts the whole tree
#   and every kind of page: `systemd-run --scope -p MemoryMax=32M -p MemorySwapMax=0 LAUNCHER`.
#   Impact: SIGKILL for a process of the run that goes past it.
. "${0%/*}/../lib.sh"
begin "$1"
act memory-tree 4 12M 8M
