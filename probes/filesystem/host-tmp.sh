#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: filesystem.host-tmp
# title: Read another's file in /tmp
# requirement: FS-11
# class: P
# needs: nothing
# setup: secret-file=tmp
# witness: secret
# refusals: EACCES EPERM ENOENT
# reach: identity
# budget: seconds=3 tasks=32 memory=64M output=64K
# rests-on: FS-03
# what: Reads a file that somebody outside keeps in /tmp.
# why: Temporary files are mostly readable for all, and nobody thinks of them as secrets.
# remedy: The host's own directory is in the script's view. Build a root from what is needed
#   only, with a fresh tmpfs for each of /tmp, /run and /dev/shm (`bwrap --ro-bind /usr /usr
#   --tmpfs /tmp --tmpfs /run ...`). Impact: sockets and files of the host in them are gone from
#   sight.
. "${0%/*}/../lib.sh"
begin "$1"
act read "$SECRET_FILE" "$SCRATCH/loot"
