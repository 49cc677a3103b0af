#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: environment.process-environment
# title: Find a variable of the caller's in any process
# requirement: ENV-01
# class: P
# needs: nothing
# setup: caller-env=CONFINE_PROBE_SECRET
# witness: secret
# refusals: absent
# reach: identity
# budget: seconds=3 tasks=32 memory=64M output=64K
# rests-on: PRC-11
# what: Looks through /proc/PID/environ of every process in sight for a variable that the
#   launcher was started with.
# why: `bwrap --clearenv` clears the script's environment and leaves the caller's at
#   /proc/1/environ, for all to read (bubblewrap issue 725, 2025).
# remedy: A process of the launcher's is in sight and still shows its first environment. Keep
#   the first process of the sandbox (its init) from being dumpable (prctl(PR_SET_DUMPABLE, 0)),
#   or start the launcher with an empty environment (`env -i bwrap ...`). Impact: none.
. "${0%/*}/../lib.sh"
begin "$1"
act scan-environ "$CALLER_ENV" "$SCRATCH/loot"
