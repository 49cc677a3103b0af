#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: scratch.size
# title: Write more bytes to scratch than allowed
# requirement: FS-13
# class: C
# needs: nothing
# policy: /filesystem/scratchBytes=8388608
# setup: own-scratch
# witness: nothing
# refusals: ENOSPC EDQUOT
# reach: identity
# budget: seconds=4 tasks=32 memory=256M output=64K
# what: Writes files of 1 MiB into scratch, up to 12 MiB with 8 MiB allowed, and removes them.
# why: RLIMIT_FSIZE bounds one file; how many there are is for the script to choose.
# remedy: The bytes of scratch are not bounded. Put scratch on a tmpfs with size= and nr_inodes=
#   (`mount -t tmpfs -o size=8M,nr_inodes=2048 tmpfs SCRATCH`), or under a project quota.
#   Impact: ENOSPC at the number.
. "${0%/*}/../lib.sh"
begin "$1"
act fill "$SCRATCH" 12M 1M
