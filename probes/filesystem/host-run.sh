#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: filesystem.host-run
# title: Read another's file in /run
# requirement: FS-11
# class: P
# needs: nothing
# setup: secret-file=run
# witness: secret
# refusals: EACCES EPERM ENOENT
# reach: identity
# budget: seconds=3 tasks=32 memory=64M output=64K
# rests-on: FS-03
# what: Reads a file that somebody outside keeps in /run.
# why: Services keep state, sockets and credentials there; a read-only root shows all of it.
# remedy: The host's own directory is in the script's view. Build a root from what is needed
#   only, with a fresh tmpfs for each of /tmp, /run and /dev/shm (`bwrap --ro-bind /usr /usr
#   --tmpfs /tmp --tmpfs /run ...`). Impact: sockets and files of the host in them are gone from
#   sight.
. "${0%/*}/../lib.sh"
begin "$1"
act read "$SECRET_FILE" "$SCRATCH/loot"
