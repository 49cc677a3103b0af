#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: lifecycle.daemon-after-deadline
# title: Leave a daemon behind at the deadline
# requirement: LIF-01
# class: C
# needs: nothing
# setup: deadline=1
# witness: survivors
# refusals: witness
# reach: identity
# budget: seconds=6 tasks=32 memory=64M output=64K
# what: Starts one daemon, then ignores TERM, HUP and INT and waits past its deadline of 1 s.
# why: A deadline is often one TERM to one process. Whoever ignores it runs on, and so does
#   everything that is not that process.
# remedy: Nothing ends the tasks that left the session. A pid namespace dies with its init
#   (`unshare -pf --kill-child`, `bwrap --unshare-pid --die-with-parent`); a cgroup has
#   cgroup.kill. Impact: nothing can be left running on purpose.
. "${0%/*}/../lib.sh"
begin "$1"
act daemon 8000
trap '' TERM HUP INT
"$ATTACK" hold 6000
