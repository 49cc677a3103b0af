#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: lifecycle.neighbour-seen
# title: See a process outside
# requirement: PRC-11
# class: P
# needs: nothing
# setup: neighbour
# witness: nothing
# refusals: absent
# reach: identity
# budget: seconds=3 tasks=32 memory=64M output=64K
# what: Looks through the command lines of all processes in /proc for one that runs outside.
# why: Command lines hold passwords and paths, and a process that can be seen can mostly be
#   attacked as well.
# remedy: The script shares the host's pid namespace. Give it one of its own with a /proc of its
#   own (`unshare -pf --mount-proc`, `bwrap --unshare-pid --proc /proc`). Impact: the script
#   sees its own processes only.
. "${0%/*}/../lib.sh"
begin "$1"
act find-command "$NEIGHBOUR_NAME"
