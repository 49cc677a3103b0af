#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: syscalls.abi-x32
# title: Make a system call under its x32 number
# requirement: SYS-21
# class: T
# needs: nothing
# setup: nothing
# witness: nothing
# refusals: EPERM ENOSYS EACCES SIGSYS
# closed: ENOSYS
# reach: identity
# budget: seconds=3 tasks=32 memory=64M output=64K
# what: Asks for the number of the session keyring under the number that the call has for x32
#   programs (64-bit registers, 32-bit pointers): the usual number with bit 30 set. A kernel that
#   was built without x32, as most are, answers ENOSYS to anybody.
# why: Both sets of numbers come in by the same door and are told apart by that bit alone. A filter
#   that lists the calls it refuses by their usual numbers lets every one of them through under
#   the other.
# remedy: Install a seccomp filter before the script starts (`--seccomp` of bubblewrap, the default
#   profile of container engines) that refuses every number with bit 30 set, as libseccomp does
#   for an architecture that was not added. Impact: no x32 programs.
. "${0%/*}/../lib.sh"
begin "$1"
act call keyctl-x32
