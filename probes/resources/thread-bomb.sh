#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: resources.thread-bomb
# title: Start 96 threads in one process
# requirement: RES-01
# class: C
# needs: nothing
# policy: /resources/maxProcesses=64
# setup: nothing
# witness: tasks survivors
# refusals: EAGAIN killed
# reach: identity
# budget: seconds=10 tasks=300 memory=256M output=64K
# what: One process creates up to 96 threads that wait, and counts them, with 64 tasks allowed.
# why: A thread costs the kernel what a process costs. A launcher that counts processes, or
#   looks at its children, does not see them; RLIMIT_NPROC and pids.max do.
# remedy: Nothing counts the tasks of the whole run. Give it a pids cgroup (`systemd-run --scope
#   -p TasksMax=64 LAUNCHER`), or RLIMIT_NPROC together with a uid of its own; RLIMIT_NPROC does
#   not bind root. Impact: scripts that start more tasks get EAGAIN.
. "${0%/*}/../lib.sh"
begin "$1"
act thread-many 96 16
