#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: scratch.hard-link
# title: Write outside through a hard link in scratch
# requirement: FS-02
# class: C
# needs: nothing
# setup: canary-file
# witness: canary-file
# refusals: EROFS EACCES EPERM ENOENT EXDEV
# reach: identity
# budget: seconds=3 tasks=32 memory=64M output=64K
# rests-on: FS-01
# what: Gives a file outside scratch a second name in scratch, on the same mount, and appends
#   one line through that name.
# why: The second name is as good as the first, and it lies where writing is allowed. It also
#   outlives the removal of the first.
# remedy: The script sees the host's own directory, writable. Give it a mount namespace in which
#   only scratch is writable (`bwrap --ro-bind / / --bind SCRATCH SCRATCH COMMAND`), or a
#   Landlock rule set. Impact: programs that write beside their scratch directory fail.
. "${0%/*}/../lib.sh"
begin "$1"
act link-append "$CANARY" "$SCRATCH/linked"
