#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: resources.daemon-bomb
# title: Double-fork 96 daemons out of the session
# requirement: RES-01
# class: C
# needs: nothing
# policy: /resources/maxProcesses=64
# setup: nothing
# witness: tasks
# refusals: EAGAIN killed
# reach: identity
# budget: seconds=10 tasks=300 memory=256M output=64K
# what: Starts up to 96 daemons: setsid, a second fork, the parent gone, TERM and HUP ignored,
#   descriptors closed; counts those that came to life, with 64 tasks allowed.
# why: Such a task is in no process group and is nobody's child any more: a launcher that walks
#   the tree of its children, or signals a group, has lost it, and so has its count.
# remedy: Nothing counts the tasks of the whole run. Give it a pids cgroup (`systemd-run --scope
#   -p TasksMax=64 LAUNCHER`), or RLIMIT_NPROC together with a uid of its own; RLIMIT_NPROC does
#   not bind root. Impact: scripts that start more tasks get EAGAIN.
. "${0%/*}/../lib.sh"
begin "$1"
act daemon-many 96 16
