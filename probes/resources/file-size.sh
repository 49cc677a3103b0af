#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: resources.file-size
# title: Write a larger file than allowed
# requirement: RES-02
# class: C
# needs: nothing
# policy: /resources/maxFileSizeBytes=4194304
# setup: nothing
# witness: nothing
# refusals: EFBIG SIGXFSZ
# reach: identity
# budget: seconds=3 tasks=32 memory=64M output=64K
# what: Writes a sparse file of 6 MiB in scratch, with 4 MiB allowed; SIGXFSZ is ignored, so
#   that write(2) answers.
# why: One log file that grows without end fills the disk for everybody.
# remedy: RLIMIT_FSIZE is not set. `prlimit --fsize=4194304 LAUNCHER`. Impact: SIGXFSZ or EFBIG.
. "${0%/*}/../lib.sh"
begin "$1"
act grow-file "$SCRATCH/large" 6M 1M
