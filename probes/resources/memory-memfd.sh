#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: resources.memory-memfd
# title: Take memory that belongs to no process
# requirement: RES-11
# class: C
# needs: nothing
# policy: /resources/memoryBytes=33554432
# policy: /resources/treeCpuSeconds=60
# policy: /onUnavailable="degrade"
# setup: nothing
# witness: nothing
# refusals: ENOMEM ENOSPC SIGKILL killed
# reach: identity
# budget: seconds=8 tasks=32 memory=256M output=64K
# what: Writes 48 MiB into memfds (files that lie in memory alone) of 4 MiB each, with 32 MiB
#   allowed, and never maps them.
# why: Pages of a memfd are in no resident set: no rlimit and no sampling of processes sees
#   them.
# remedy: Memory is limited per process, if at all. Only a memory cgroup counts the whole tree
#   and every kind of page: `systemd-run --scope -p MemoryMax=32M -p MemorySwapMax=0 LAUNCHER`.
#   Impact: SIGKILL for a process of the run that goes past it.
. "${0%/*}/../lib.sh"
begin "$1"
act memory-memfd 48M 8M
