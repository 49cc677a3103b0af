#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: scratch.names
# title: Create more files in scratch than fit the bytes allowed
# requirement: FS-13
# class: C
# needs: nothing
# policy: /filesystem/scratchBytes=8388608
# setup: own-scratch
# witness: nothing
# refusals: ENOSPC EDQUOT
# reach: identity
# budget: seconds=4 tasks=32 memory=256M output=64K
# what: Creates 4000 empty files in scratch with 8 MiB allowed, which is room for 2048 files of
#   one block (4 KiB), and removes them.
# why: An empty file has no bytes and still takes an inode, which is kernel memory or a slot of
#   the disk's fixed number.
# remedy: The number of files in scratch is not bounded. Put scratch on a tmpfs with size= and
#   nr_inodes= (`mount -t tmpfs -o size=8M,nr_inodes=2048 tmpfs SCRATCH`), or under a project
#   quota. Impact: ENOSPC at the number.
. "${0%/*}/../lib.sh"
begin "$1"
act fill-names "$SCRATCH" 4000 100
