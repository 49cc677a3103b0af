#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: lifecycle.launcher-terminated
# title: Outlive the launcher when it is asked to end
# requirement: LIF-11
# class: C
# needs: nothing
# setup: kill-launcher=TERM
# witness: survivors
# refusals: witness
# reach: identity
# budget: seconds=5 tasks=32 memory=64M output=64K
# what: Starts one daemon and waits, deaf to TERM; meanwhile the harness sends TERM to the
#   launcher.
# why: TERM is how a supervisor asks for the end. A launcher that dies of it without taking the
#   run along leaves it to nobody.
# remedy: The launcher neither handles TERM nor is tied to the run. Catch it and kill the tree,
#   or run the script in a pid namespace and set PR_SET_PDEATHSIG on the first process there
#   (`unshare -pf --kill-child`, `bwrap --unshare-pid --die-with-parent`). Impact: none.
. "${0%/*}/../lib.sh"
begin "$1"
act daemon 8000
: >"$SCRATCH/ready"
trap '' TERM HUP INT
"$ATTACK" hold 6000
