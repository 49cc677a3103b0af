#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: syscalls.any-other
# title: Get any other call that a script has no use for through to the kernel
# requirement: SYS-21
# class: T
# needs: nothing
# setup: nothing
# witness: nothing
# refusals: EPERM ENOSYS EACCES SIGSYS
# reach: identity
# budget: seconds=3 tasks=32 memory=64M output=64K
# what: Makes some thirty calls one after the other, with arguments that lead nowhere: those
#   that trace and take over processes, watch whole file systems, set clocks, ask for ports,
#   quotas, segments, secret memory or another machine's behaviour, make devices, move memory
#   between nodes, and two that only old programs know. The result names the call that got the
#   kernel's own answer.
# why: A filter is a list, and what a list forgets it allows. Reading the memory of a neighbour
#   (process_vm_readv, ptrace) or opening files of the host by their handle (open_by_handle_at,
#   CVE-2014-3519, and the way out of early Docker) were each the missing line of somebody's
#   list.
# remedy: Install a seccomp filter before the script starts that allows what programs need and
#   refuses the rest (the default profile of container engines). Impact: debuggers do not work
#   inside.
. "${0%/*}/../lib.sh"
begin "$1"
act let-through other
