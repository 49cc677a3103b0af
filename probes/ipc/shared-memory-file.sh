#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: ipc.shared-memory-file
# title: Read another's POSIX shared memory
# requirement: IPC-11
# class: P
# needs: nothing
# setup: secret-file=shm
# witness: secret
# refusals: ENOENT EACCES EPERM
# reach: identity
# budget: seconds=3 tasks=32 memory=64M output=64K
# rests-on: FS-11
# what: Reads a file that somebody outside keeps in /dev/shm, where POSIX shared memory lies.
# why: Browsers, databases and numeric libraries pass data there between their processes,
#   readable by mode more often than not.
# remedy: /dev/shm is the host's. Mount a fresh tmpfs over it (`bwrap --dev /dev`). Impact: none
#   for scripts.
. "${0%/*}/../lib.sh"
begin "$1"
act read "$SECRET_FILE" "$SCRATCH/loot"
