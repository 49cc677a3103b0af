#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: lifecycle.fact-log
# title: Ask for the log of the kernel
# requirement: PRC-21
# class: P
# needs: nothing
# setup: nothing
# witness: nothing
# refusals: absent ENOENT EACCES EPERM ENOSYS
# closed: absent EACCES EPERM ENOENT
# reach: caller
# budget: seconds=3 tasks=32 memory=64M output=64K
# what: Asks syslog(2) for the size of the kernel's log, which is refused to whoever may not
#   read it. Nothing is read.
# why: The log holds addresses of the kernel, names of devices and how other programs crashed.
# remedy: Set kernel.dmesg_restrict to 1 (`sysctl -w kernel.dmesg_restrict=1`), and leave the
#   script no CAP_SYSLOG; or refuse syslog(2) with a filter. Impact: dmesg needs root.
. "${0%/*}/../lib.sh"
begin "$1"
act kernel-log
