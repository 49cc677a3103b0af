#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: resources.open-files-exact
# title: Open one file more than allowed
# requirement: RES-02
# class: C
# needs: nothing
# policy: /resources/maxOpenFiles=64
# setup: nothing
# witness: nothing
# refusals: EBADF EMFILE
# reach: identity
# budget: seconds=3 tasks=32 memory=64M output=64K
# what: Duplicates a descriptor to number 64, with 64 allowed: they are numbered from 0, so that
#   63 is the last.
# why: A limit that is off by one, or off by a factor, is not the one that was asked for and written
#   into a receipt.
# remedy: RLIMIT_NOFILE is not set, or is set to another number. `prlimit --nofile=64 LAUNCHER`.
#   Impact: EMFILE.
. "${0%/*}/../lib.sh"
begin "$1"
act descriptor-at 64
