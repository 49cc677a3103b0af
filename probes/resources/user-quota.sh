#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: resources.user-quota
# title: Use up what the kernel counts for a user
# requirement: RES-21
# class: C
# needs: nothing
# setup: nothing
# witness: user-quota=200
# refusals: witness EAGAIN
# reach: caller
# budget: seconds=3 tasks=32 memory=64M output=64K
# rests-on: PRV-11
# what: Queues 200 signals to itself, which the kernel counts for its user and for whoever
#   made its user namespace, and waits until the harness, as the caller, has looked at its own
#   count.
# why: Watches, queued signals, locked memory, keys and message queues are counted for a user,
#   not for a run: whoever uses them up takes them from every other process of that user, the
#   supervisor included.
# remedy: Give each run a uid of its own and let no user namespace that a shared uid made stand
#   above it; where there is but one uid, set the limit (`prlimit --sigpending=64 LAUNCHER`).
#   Impact: EAGAIN for programs that queue many real-time signals.
. "${0%/*}/../lib.sh"
begin "$1"
act queue-signals 200 "$SCRATCH/ready" "$SCRATCH/looked"
