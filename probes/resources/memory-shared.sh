#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: resources.memory-shared
# title: Take shared anonymous memory
# requirement: RES-11
# class: C
# needs: nothing
# policy: /resources/memoryBytes=33554432
# policy: /resources/treeCpuSeconds=60
# policy: /onUnavailable="degrade"
# setup: nothing
# witness: nothing
# refusals: ENOMEM SIGKILL SIGBUS killed
# reach: identity
# budget: seconds=8 tasks=32 memory=256M output=64K
# what: A child maps shared anonymous memory and touches every page, up to 48 MiB with 32 MiB
#   allowed.
# why: RLIMIT_DATA counts private writable mappings only, setrlimit(2): shared ones pass it by.
# remedy: Memory is limited per process, if at all. Only a memory cgroup counts the whole tree
#   and every kind of page: `systemd-run --scope -p MemoryMax=32M -p MemorySwapMax=0 LAUNCHER`.
#   Impact: SIGKILL for a process of the run that goes past it.
. "${0%/*}/../lib.sh"
begin "$1"
act memory-shared 48M 8M
