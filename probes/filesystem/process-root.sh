#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: filesystem.process-root
# title: Write through the root of every process in sight
# requirement: FS-01
# class: C
# needs: nothing
# setup: canary-file
# witness: canary-file
# refusals: EROFS EACCES EPERM ENOENT absent
# reach: identity
# budget: seconds=3 tasks=32 memory=64M output=64K
# rests-on: PRC-11
# what: For each process that /proc shows, opens /proc/PID/root followed by the path of a file
#   outside scratch, and appends one line to the first that lets it.
# why: The link is followed in the other process's mount namespace: one process of the same
#   identity in sight, and a private mount namespace is void.
# remedy: A process outside is visible and of the same identity. Give the run a pid namespace
#   and a /proc of its own (`bwrap --unshare-pid --proc /proc`). Impact: the script sees its own
#   processes only.
. "${0%/*}/../lib.sh"
begin "$1"
act append-roots "$CANARY"
