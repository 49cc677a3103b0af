#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: lifecycle.neighbour-traced
# title: Trace a process outside
# requirement: PRC-11
# class: C
# needs: nothing
# setup: neighbour
# witness: nothing
# refusals: ESRCH EPERM EACCES absent ENOSYS
# reach: identity
# budget: seconds=3 tasks=32 memory=64M output=64K
# what: Attaches to a process of the same identity outside with PTRACE_SEIZE, and lets go at
#   once.
# why: Whoever traces a process reads and writes its memory and makes calls in its name: its
#   rights are the tracer's. Yama, where it is built in, stops it for all but willing targets,
#   which this one is.
# remedy: The script shares the host's pid namespace. Give it one of its own with a /proc of its
#   own (`unshare -pf --mount-proc`, `bwrap --unshare-pid --proc /proc`). Impact: the script
#   sees its own processes only.
. "${0%/*}/../lib.sh"
begin "$1"
act trace "$NEIGHBOUR_PID" "$NEIGHBOUR_NAME"
