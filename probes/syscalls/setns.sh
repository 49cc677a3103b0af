#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: syscalls.setns
# title: Get setns through to the kernel
# requirement: SYS-22
# class: T
# needs: nothing
# setup: nothing
# witness: nothing
# refusals: EPERM ENOSYS EACCES SIGSYS
# reach: identity
# budget: seconds=3 tasks=32 memory=64M output=64K
# what: Calls setns(2) with a descriptor that is none. The kernel says EBADF; only a filter in
#   front says something else.
# why: A descriptor of a namespace that was left open, or found below /proc, leads out of the
#   sandbox.
# remedy: Install a seccomp filter before the script starts (`--seccomp` of bubblewrap, the
#   default profile of container engines) that refuses setns. Impact: none for ordinary programs.
. "${0%/*}/../lib.sh"
begin "$1"
act call setns
