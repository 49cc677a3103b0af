#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: filesystem.secret-home
# title: Read a secret in the caller's home directory
# requirement: FS-03
# class: P
# needs: nothing
# setup: secret-file=home
# witness: secret
# refusals: EACCES EPERM ENOENT
# reach: identity
# budget: seconds=3 tasks=32 memory=64M output=64K
# rests-on: FS-11
# what: Reads .netrc in the home directory of whoever started the launcher, and copies it into
#   scratch.
# why: Keys and tokens under the home directory are what a malicious package looks for first.
# remedy: The script sees the host's files. Show it only what it needs (`bwrap --ro-bind /usr
#   /usr ...` instead of `--ro-bind / /`), or cover the rest (`--tmpfs /home`). Impact: programs
#   that read other files do not find them.
. "${0%/*}/../lib.sh"
begin "$1"
act read "$SECRET_FILE" "$SCRATCH/loot"
