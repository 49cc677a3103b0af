#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: resources.file-size-exact
# title: Write one byte beyond the largest file
# requirement: RES-02
# class: C
# needs: nothing
# policy: /resources/maxFileSizeBytes=1048576
# setup: nothing
# witness: nothing
# refusals: EFBIG SIGXFSZ
# reach: identity
# budget: seconds=3 tasks=32 memory=64M output=64K
# what: Writes a single byte at offset 1048576 of a new file in scratch, with 1 MiB allowed. All
#   before it is a hole.
# why: A limit that is off by one, or off by a factor, is not the one that was asked for and written
#   into a receipt.
# remedy: RLIMIT_FSIZE is not set, or is set to another number. `prlimit --fsize=1048576
#   LAUNCHER`. Impact: EFBIG, or the script is killed by SIGXFSZ.
. "${0%/*}/../lib.sh"
begin "$1"
act byte-at "$SCRATCH/long" 1048576
