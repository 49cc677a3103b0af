#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: ipc.system-v-memory
# title: Read another's System V shared memory
# requirement: IPC-11
# class: P
# needs: nothing
# setup: sysv
# witness: secret
# refusals: ENOENT EACCES EPERM ENOSYS EINVAL
# reach: identity
# budget: seconds=3 tasks=32 memory=64M output=64K
# what: Attaches a segment that somebody outside made, mode 0666, and copies its first 64 bytes
#   into scratch.
# why: Databases and display servers keep their state in such segments; they are in no file
#   tree, so no mount hides them.
# remedy: The script shares the host's ipc namespace. Give it one of its own (`unshare --ipc`,
#   `bwrap --unshare-ipc`). Impact: none for scripts.
. "${0%/*}/../lib.sh"
begin "$1"
act shm-read "$SHM_KEY" "$SCRATCH/loot"
