#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: ipc.message-queue
# title: Receive from another's message queue
# requirement: IPC-11
# class: C
# needs: nothing
# setup: mqueue
# witness: secret
# refusals: ENOENT EACCES EPERM ENOSYS
# reach: identity
# budget: seconds=3 tasks=32 memory=64M output=64K
# what: Opens a POSIX message queue that somebody outside made, mode 0666, and receives the
#   message in it.
# why: Queues belong to the ipc namespace; their names are no paths.
# remedy: The script shares the host's ipc namespace. Give it one of its own (`unshare --ipc`,
#   `bwrap --unshare-ipc`). Impact: none for scripts.
. "${0%/*}/../lib.sh"
begin "$1"
act mq-read "$MQ_NAME" "$SCRATCH/loot"
