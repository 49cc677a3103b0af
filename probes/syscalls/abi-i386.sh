#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: syscalls.abi-i386
# title: Make a 64-bit system call by the 32-bit way in
# requirement: SYS-21
# class: T
# needs: nothing
# setup: nothing
# witness: nothing
# refusals: EPERM ENOSYS EACCES SIGSYS SIGSEGV
# closed: SIGSEGV ENOSYS
# reach: identity
# budget: seconds=3 tasks=32 memory=64M output=64K
# what: Enters the kernel by `int 0x80`, as 32-bit programs do, and asks for the number of the
#   session keyring. A kernel that takes no 32-bit calls (`ia32_emulation=off`) answers SIGSEGV to
#   anybody, and a processor of another kind ENOSYS.
# why: Each way in has numbers of its own: a filter that looks at numbers without looking at the
#   architecture lets through under one what it refuses under the other.
# remedy: Install a seccomp filter before the script starts (`--seccomp` of bubblewrap, the
#   default profile of container engines) that accounts for every architecture that the kernel
#   accepts, or refuses the foreign ones. Impact: none, or no 32-bit programs.
. "${0%/*}/../lib.sh"
begin "$1"
act call keyctl-i386
