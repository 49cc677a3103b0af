#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: scratch.other-run
# title: Read a file in another run's scratch
# requirement: FS-02
# class: P
# needs: nothing
# setup: other-scratch
# witness: secret
# refusals: EACCES EPERM ENOENT
# reach: identity
# budget: seconds=3 tasks=32 memory=64M output=64K
# rests-on: FS-03
# what: Reads a file in a second scratch directory, made beside this run's and in the same way.
# why: Runs of several tenants work side by side under one parent directory.
# remedy: The script sees the host's files. Show it only what it needs (`bwrap --ro-bind /usr
#   /usr ...` instead of `--ro-bind / /`), or cover the rest (`--tmpfs /home`). Impact: programs
#   that read other files do not find them.
. "${0%/*}/../lib.sh"
begin "$1"
act read "$OTHER_SCRATCH/loot-source" "$SCRATCH/loot"
