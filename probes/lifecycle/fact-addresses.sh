#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: lifecycle.fact-addresses
# title: Read addresses of the kernel
# requirement: PRC-21
# class: P
# needs: nothing
# setup: nothing
# witness: nothing
# refusals: absent ENOENT EACCES EPERM ENOSYS
# closed: absent EACCES EPERM ENOENT
# reach: caller
# budget: seconds=3 tasks=32 memory=64M output=64K
# what: Reads /proc/kallsyms and looks for an address that is not zero.
# why: Every exploit of the kernel has to find out first where the kernel lies, which is random
#   at each start; this file tells it to everybody who may read the addresses in it.
# remedy: Set kernel.kptr_restrict to 1 or 2 (`sysctl -w kernel.kptr_restrict=1`), and leave the
#   script no CAP_SYSLOG. Impact: profilers need root.
. "${0%/*}/../lib.sh"
begin "$1"
act kernel-address
