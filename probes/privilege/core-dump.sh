#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: privilege.core-dump
# title: Crash, and have the kernel dump core
# requirement: PRV-13
# class: C
# needs: nothing
# setup: core-limit
# witness: nothing
# refusals: absent
# reach: identity
# budget: seconds=4 tasks=32 memory=64M output=64K
# what: A child raises its limit for core dumps as far as it may and ends itself with SIGABRT in
#   scratch. The kernel says in its exit status whether it dumped core. Where a dump would start
#   a program of the host, nothing crashes: the hard limit says what the kernel would do, core(5).
# why: On most hosts the core pattern is a pipe: the kernel then starts a program as root, outside
#   of every namespace, and feeds it memory and names that the script chose: Apport,
#   CVE-2015-1318 and CVE-2025-5054. Where it is a file, what was in memory stays on disk.
# remedy: Set the hard limit RLIMIT_CORE to 1: 0 does not stop a dump into a pipe, core(5)
#   (`prlimit --core=1 -- LAUNCHER`). Impact: no core dumps of scripts.
. "${0%/*}/../lib.sh"
begin "$1"
act dump-core "$CORE" "$SCRATCH"
