#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: syscalls.userfaultfd
# title: Open a userfaultfd
# requirement: SYS-23
# class: T
# needs: nothing
# setup: nothing
# witness: nothing
# refusals: EPERM ENOSYS EACCES SIGSYS
# closed: ENOSYS
# reach: identity
# budget: seconds=3 tasks=32 memory=64M output=64K
# what: Opens a userfaultfd for faults of user mode alone, which nobody is refused, and closes it.
# why: A page fault that is answered when the attacker likes turns races in the kernel into
#   certainties.
# remedy: Install a seccomp filter before the script starts (`--seccomp` of bubblewrap, the
#   default profile of container engines) that refuses userfaultfd. Impact: none for ordinary
#   programs.
. "${0%/*}/../lib.sh"
begin "$1"
act call userfaultfd
