#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: lifecycle.launcher-killed
# title: Outlive the launcher when it is killed
# requirement: LIF-11
# class: C
# needs: nothing
# setup: kill-launcher=KILL
# witness: survivors
# refusals: witness
# reach: identity
# budget: seconds=5 tasks=32 memory=64M output=64K
# what: Starts one daemon and waits; meanwhile the harness kills the launcher with SIGKILL.
# why: The OOM killer, a supervisor or an operator may kill the launcher at any moment. What
#   watched over the script is gone then; the script must be, too.
# remedy: Nothing ties the run to its launcher. Run it in a pid namespace, and set
#   PR_SET_PDEATHSIG on the first process there (`unshare -pf --kill-child`, `bwrap
#   --unshare-pid --die-with-parent`). Impact: none.
. "${0%/*}/../lib.sh"
begin "$1"
act daemon 8000
: >"$SCRATCH/ready"
"$ATTACK" hold 6000
