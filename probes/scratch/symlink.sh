#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: scratch.symlink
# title: Write outside through a symbolic link in scratch
# requirement: FS-02
# class: C
# needs: nothing
# setup: canary-file
# witness: canary-file
# refusals: EROFS EACCES EPERM ENOENT
# reach: identity
# budget: seconds=3 tasks=32 memory=64M output=64K
# rests-on: FS-01
# what: Makes a symbolic link in scratch to a file outside it, and appends one line through the
#   link.
# why: A check of the path's text sees a path in scratch. Links are why paths have to be
#   resolved once and held (CVE-2021-30465, runc).
# remedy: The script sees the host's own directory, writable. Give it a mount namespace in which
#   only scratch is writable (`bwrap --ro-bind / / --bind SCRATCH SCRATCH COMMAND`), or a
#   Landlock rule set. Impact: programs that write beside their scratch directory fail.
. "${0%/*}/../lib.sh"
begin "$1"
act symlink-append "$CANARY" "$SCRATCH/link"
