#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: filesystem.write-outside
# title: Append to a file outside scratch
# requirement: FS-01
# class: C
# needs: nothing
# setup: canary-file
# witness: canary-file
# refusals: EROFS EACCES EPERM ENOENT
# reach: identity
# budget: seconds=3 tasks=32 memory=64M output=64K
# what: Opens for writing a file beside the scratch directory that this identity may write, and
#   appends one line.
# why: The first thing every confinement promises. The file's own mode allows the write, so that
#   only the sandbox can be what stops it.
# remedy: The script sees the host's own directory, writable. Give it a mount namespace in which
#   only scratch is writable (`bwrap --ro-bind / / --bind SCRATCH SCRATCH COMMAND`), or a
#   Landlock rule set. Impact: programs that write beside their scratch directory fail.
. "${0%/*}/../lib.sh"
begin "$1"
act append "$CANARY"
