#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: resources.fork-bomb
# title: Fork 96 children in one go
# requirement: RES-01
# class: C
# needs: nothing
# policy: /resources/maxProcesses=64
# setup: nothing
# witness: tasks survivors
# refusals: EAGAIN killed
# reach: identity
# budget: seconds=10 tasks=300 memory=256M output=64K
# what: One process forks up to 96 children that wait, and counts how many it got before fork(2)
#   failed, with 64 tasks allowed.
# why: A loop that forks takes every task that the host can have, and nobody can log in to end
#   it. This one is counted, so that it is safe anywhere and the number can be held against the
#   ceiling that was stated.
# remedy: Nothing counts the tasks of the whole run. Give it a pids cgroup (`systemd-run --scope
#   -p TasksMax=64 LAUNCHER`), or RLIMIT_NPROC together with a uid of its own; RLIMIT_NPROC does
#   not bind root. Impact: scripts that start more tasks get EAGAIN.
. "${0%/*}/../lib.sh"
begin "$1"
act fork-many 96 16
