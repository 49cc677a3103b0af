#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: lifecycle.launcher-handle
# title: Reach the launcher's program through its process
# requirement: LIF-21
# class: C
# needs: launcher
# setup: launcher-copy
# witness: launcher-file
# refusals: absent EROFS EACCES EPERM ESRCH
# reach: identity
# budget: seconds=3 tasks=32 memory=64M output=64K
# rests-on: PRC-11 FD-01
# what: Looks for the launcher's program behind /proc/PID/exe of every process in sight and
#   behind every open descriptor, and where it finds it, sets its time: whoever may do that may
#   also write it, as soon as the program runs no more. The program is a copy that this identity
#   may change outside.
# why: CVE-2019-5736 (runc, 2019): a container opened the engine's program by /proc/self/exe,
#   waited for its end and wrote over it; the next container was started by the attacker's
#   program, as root. The link leads around every mount.
# remedy: Keep the program out of the script's view, on a mount that is read-only for it, and
#   start it from a sealed copy in memory (memfd) where it has to run inside. Impact: some
#   milliseconds for each run.
. "${0%/*}/../lib.sh"
begin "$1"
printf ready >"$SCRATCH/ready"
"$ATTACK" await "$SCRATCH/looked" 1500
# shellcheck disable=SC2086 # two numbers are meant
act touch-handles $LAUNCHER_ID
