#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: syscalls.filter
# title: Be a task without a system call filter
# requirement: SYS-21
# class: P
# needs: nothing
# setup: nothing
# witness: nothing
# refusals: absent
# reach: identity
# budget: seconds=3 tasks=32 memory=64M output=64K
# what: Asks the kernel whether this task, and a child that it makes, run without a seccomp
#   filter.
# why: A filter belongs to a task and its children: set too late, or on the launcher alone, it
#   binds nobody.
# remedy: Install a seccomp filter before the script starts (`--seccomp` of bubblewrap, the
#   default profile of container engines) that refuses what the script never needs. Impact: none
#   for ordinary programs.
. "${0%/*}/../lib.sh"
begin "$1"
act unfiltered
