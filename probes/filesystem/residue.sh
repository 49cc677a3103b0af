#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: filesystem.residue
# title: Leave a file in the shared temporary directories
# requirement: FS-01
# class: C
# needs: nothing
# setup: nothing
# witness: gone
# refusals: witness
# reach: identity
# budget: seconds=3 tasks=32 memory=64M output=64K
# what: Creates one file in each of /tmp, /var/tmp, /dev/shm and /run, and leaves it there.
# why: What a run leaves in a shared place is found by the next run and by everybody else: a way
#   to talk, and names to lay traps with.
# remedy: These directories are the host's own. Mount a fresh tmpfs over each (`bwrap --tmpfs
#   /tmp --tmpfs /var/tmp --tmpfs /dev/shm --tmpfs /run ...`). Impact: nothing in them outlives
#   the run.
. "${0%/*}/../lib.sh"
begin "$1"
for place in /tmp /var/tmp /dev/shm /run; do
	{ printf residue >"$place/residue-$NONCE"; } 2>/dev/null
done
say reached -
