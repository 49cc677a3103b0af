#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: resources.fork-bomb-shell
# title: A shell fork bomb
# requirement: RES-01
# class: X
# needs: nothing
# policy: /resources/maxProcesses=64
# setup: nothing
# witness: tasks survivors
# refusals: witness killed
# reach: identity
# budget: seconds=10 tasks=300 memory=256M output=64K
# what: Defines a function that starts itself twice in the background, again and again, in
#   syntax that dash, busybox and bash all take, and lets it run until the harness has counted
#   more tasks than the 64 that are allowed, or exactly as many for 0.3 s; 2 s at most.
# why: The oldest denial of service there is. `:(){ :|:& };:` is a syntax error in dash and
#   busybox, so a suite that tries only that spelling sees a bomb that never went off. Shells
#   retry and fork again as soon as a slot is free, so the ceiling has to hold under pressure.
# remedy: Nothing counts the tasks of the whole run. Give it a pids cgroup (`systemd-run --scope
#   -p TasksMax=64 LAUNCHER`), or RLIMIT_NPROC together with a uid of its own; RLIMIT_NPROC does
#   not bind root. Impact: scripts that start more tasks get EAGAIN.
. "${0%/*}/../lib.sh"
begin "$1"
stop=$SCRATCH/stop-bomb
# The usual bomb, under a name that every shell accepts. Its processes wait for their children
# and try again when those are gone, so that it does not burn out at the first refusal.
b() { until [ -e "$stop" ]; do b | b & wait; done; }
"$ATTACK" hold 2000 "$SCRATCH/enough" &
clock=$!
(b) >/dev/null 2>&1 &
wait "$clock"
printf stop >"$stop"
say reached -
