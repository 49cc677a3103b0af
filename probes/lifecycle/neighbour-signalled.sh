#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: lifecycle.neighbour-signalled
# title: Signal a process outside
# requirement: PRC-11
# class: C
# needs: nothing
# setup: neighbour
# witness: neighbour
# refusals: ESRCH EPERM EACCES absent
# reach: identity
# budget: seconds=3 tasks=32 memory=64M output=64K
# what: Sends SIGUSR1 to a process of the same identity outside, by its number.
# why: Where the identity is shared, so is the right to kill: the launcher itself is such a
#   process.
# remedy: The script shares the host's pid namespace. Give it one of its own with a /proc of its
#   own (`unshare -pf --mount-proc`, `bwrap --unshare-pid --proc /proc`). Impact: the script
#   sees its own processes only.
. "${0%/*}/../lib.sh"
begin "$1"
act signal "$NEIGHBOUR_PID" "$NEIGHBOUR_NAME"
