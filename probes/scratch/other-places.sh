#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: scratch.other-places
# title: Fill the writable places beside scratch
# requirement: FS-13
# class: C
# needs: nothing
# policy: /filesystem/scratchBytes=8388608
# policy: /resources/memoryBytes=67108864
# setup: own-scratch=if-any
# witness: nothing
# refusals: ENOSPC EDQUOT ENOMEM EROFS EACCES EPERM ENOENT SIGKILL killed
# reach: identity
# budget: seconds=4 tasks=32 memory=256M output=64K
# what: Writes files of 1 MiB into each of /tmp, /var/tmp, /dev/shm, /run, /home and /var, until
#   one of them has taken 80 MiB, with 8 MiB of scratch and 64 MiB of memory allowed. Removes
#   them.
# why: A limit on scratch is no limit when /tmp beside it is a tmpfs of half the host's memory.
# remedy: A writable place has no limit on its size. Mount each tmpfs with size= (`bwrap --size
#   8388608 --tmpfs /tmp ...`), and count them against a memory cgroup. Impact: ENOSPC at the
#   number.
. "${0%/*}/../lib.sh"
begin "$1"
act fill-places 80M /tmp /var/tmp /dev/shm /run /home /var
