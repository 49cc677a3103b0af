#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: syscalls.perf
# title: Get perf_event_open through to the kernel
# requirement: SYS-23
# class: T
# needs: nothing
# setup: nothing
# witness: nothing
# refusals: EPERM ENOSYS EACCES SIGSYS
# closed: ENOSYS
# reach: identity
# budget: seconds=3 tasks=32 memory=64M output=64K
# what: Calls perf_event_open(2) with an address that leads nowhere. The kernel says EFAULT; only
#   a filter in front says something else.
# why: CVE-2013-2094: one wrong index, and any user was root. Counters also tell much about
#   neighbours.
# remedy: Install a seccomp filter before the script starts (`--seccomp` of bubblewrap, the
#   default profile of container engines) that refuses perf_event_open.
#   kernel.perf_event_paranoid limits what may be measured, and leaves the call open on most
#   kernels. Impact: no profiling by the script.
. "${0%/*}/../lib.sh"
begin "$1"
act call perf
