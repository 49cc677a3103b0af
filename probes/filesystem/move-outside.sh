#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: filesystem.move-outside
# title: Rename a file outside scratch
# requirement: FS-01
# class: C
# needs: nothing
# setup: canary-file
# witness: canary-file
# refusals: EROFS EACCES EPERM ENOENT EXDEV
# reach: identity
# budget: seconds=3 tasks=32 memory=64M output=64K
# what: Renames a file in a directory beside scratch.
# why: Neither a write nor a creation: no file is opened. With Landlock it is a right of its
#   own.
# remedy: The script sees the host's own directory, writable. Give it a mount namespace in which
#   only scratch is writable (`bwrap --ro-bind / / --bind SCRATCH SCRATCH COMMAND`), or a
#   Landlock rule set. Impact: programs that write beside their scratch directory fail.
. "${0%/*}/../lib.sh"
begin "$1"
act move "$CANARY" "$CANARY.moved"
