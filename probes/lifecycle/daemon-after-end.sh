#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: lifecycle.daemon-after-end
# title: Leave a daemon behind at a normal end
# requirement: LIF-01
# class: C
# needs: nothing
# setup: nothing
# witness: survivors
# refusals: witness
# reach: identity
# budget: seconds=5 tasks=32 memory=64M output=64K
# what: Starts one daemon (setsid, second fork, TERM and HUP ignored, descriptors closed) and
#   ends.
# why: What outlives its run works for whoever wrote it, under no limit and in nobody's log: the
#   usual home of miners.
# remedy: Nothing ends the tasks that left the session. A pid namespace dies with its init
#   (`unshare -pf --kill-child`, `bwrap --unshare-pid --die-with-parent`); a cgroup has
#   cgroup.kill. Impact: nothing can be left running on purpose.
. "${0%/*}/../lib.sh"
begin "$1"
act daemon 8000
