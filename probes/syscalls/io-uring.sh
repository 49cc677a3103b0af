#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: syscalls.io-uring
# title: Open an io_uring
# requirement: SYS-23
# class: T
# needs: nothing
# setup: nothing
# witness: nothing
# refusals: EPERM ENOSYS EACCES SIGSYS
# closed: ENOSYS EPERM
# reach: identity
# budget: seconds=3 tasks=32 memory=64M output=64K
# what: Opens a ring of one entry, and closes it.
# why: What a ring is asked to do passes no filter on system calls, and six in ten of the kernel
#   exploits that Google paid for until 2023 went through it.
# remedy: Install a seccomp filter before the script starts (`--seccomp` of bubblewrap, the
#   default profile of container engines) that answers ENOSYS to io_uring_setup, or `sysctl -w
#   kernel.io_uring_disabled=2`. Impact: libraries use other calls.
. "${0%/*}/../lib.sh"
begin "$1"
act call io-uring
