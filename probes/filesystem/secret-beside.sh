#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: filesystem.secret-beside
# title: Read a secret that lies beside scratch
# requirement: FS-03
# class: P
# needs: nothing
# setup: secret-file=beside
# witness: secret
# refusals: EACCES EPERM ENOENT
# reach: identity
# budget: seconds=3 tasks=32 memory=64M output=64K
# rests-on: FS-11
# what: Reads a file beside the scratch directory, readable by mode, and copies it into scratch.
#   The harness looks for the secret's bytes in everything that came out.
# why: Secrets lie where their owner's programs find them, and a script that runs under that
#   owner's name finds them too.
# remedy: The script sees the host's files. Show it only what it needs (`bwrap --ro-bind /usr
#   /usr ...` instead of `--ro-bind / /`), or cover the rest (`--tmpfs /home`). Impact: programs
#   that read other files do not find them.
. "${0%/*}/../lib.sh"
begin "$1"
act read "$SECRET_FILE" "$SCRATCH/loot"
