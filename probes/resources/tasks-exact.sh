#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: resources.tasks-exact
# title: Have one task more than allowed
# requirement: RES-01
# class: C
# needs: nothing
# policy: /resources/maxProcesses=32
# setup: nothing
# witness: nothing
# refusals: EAGAIN
# reach: identity
# budget: seconds=4 tasks=128 memory=128M output=64K
# what: One process forks children, which only wait, until it, its shell and the children are 33
#   tasks, with 32 allowed. Only tasks of the script's own are counted, none of the launcher's.
# why: A limit that is off by one, or off by a factor, is not the one that was asked for and written
#   into a receipt.
# remedy: Nothing counts the tasks of the whole run, or the count ends at another number. Give
#   it a pids cgroup (`systemd-run --scope -p TasksMax=32 LAUNCHER`), or RLIMIT_NPROC together
#   with a uid of its own. Impact: scripts that start more tasks get EAGAIN.
. "${0%/*}/../lib.sh"
begin "$1"
act tasks-beyond 32 $$
