#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: filesystem.create-outside
# title: Create a file outside scratch
# requirement: FS-01
# class: C
# needs: nothing
# setup: canary-file
# witness: canary-file
# refusals: EROFS EACCES EPERM ENOENT
# reach: identity
# budget: seconds=3 tasks=32 memory=64M output=64K
# what: Creates a new file in a directory beside scratch that everybody may write to.
# why: A new name is enough where somebody looks for one: a start-up file, a plug-in, a unit.
#   Some mechanisms guard existing files better than directories.
# remedy: The script sees the host's own directory, writable. Give it a mount namespace in which
#   only scratch is writable (`bwrap --ro-bind / / --bind SCRATCH SCRATCH COMMAND`), or a
#   Landlock rule set. Impact: programs that write beside their scratch directory fail.
. "${0%/*}/../lib.sh"
begin "$1"
act create "${CANARY%/*}/created"
