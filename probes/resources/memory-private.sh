#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: resources.memory-private
# title: Take more private memory than allowed
# requirement: RES-02
# class: C
# needs: nothing
# policy: /resources/memoryBytes=33554432
# setup: nothing
# witness: nothing
# refusals: ENOMEM SIGKILL killed
# reach: identity
# budget: seconds=8 tasks=32 memory=256M output=64K
# what: A child maps private memory in steps of 4 MiB and touches every page, up to 48 MiB with
#   32 MiB allowed.
# why: The host's OOM killer chooses by size, not by guilt: without a limit a script can have a
#   neighbour killed.
# remedy: Neither a memory cgroup nor RLIMIT_DATA is in force. `systemd-run --scope -p
#   MemoryMax=32M -p MemorySwapMax=0 LAUNCHER`, or `prlimit --data=33554432 LAUNCHER`. Impact:
#   ENOMEM or SIGKILL for what asks for more.
. "${0%/*}/../lib.sh"
begin "$1"
act memory-private 48M 8M
