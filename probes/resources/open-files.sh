#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: resources.open-files
# title: Open more files than allowed
# requirement: RES-02
# class: C
# needs: nothing
# policy: /resources/maxOpenFiles=64
# setup: nothing
# witness: nothing
# refusals: EMFILE
# reach: identity
# budget: seconds=3 tasks=32 memory=64M output=64K
# what: One process duplicates a descriptor up to 128 times, with 64 allowed.
# why: Open files are kernel memory, and the system-wide table is shared.
# remedy: RLIMIT_NOFILE is not set. `prlimit --nofile=64 LAUNCHER`. Impact: EMFILE.
. "${0%/*}/../lib.sh"
begin "$1"
act open-many 128 8
