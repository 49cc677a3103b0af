#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: filesystem.visible-times
# title: Change the times of a file that is shown read-only
# requirement: FS-12
# class: C
# needs: nothing
# setup: canary-visible
# witness: canary-file
# refusals: EROFS EACCES EPERM ENOENT
# reach: identity
# budget: seconds=3 tasks=32 memory=64M output=64K
# what: Sets the modification time of a file of its own identity, inside what is shown
#   read-only, to 1970.
# why: Build systems and backups tell by this time what is new. Landlock lets the change
#   through.
# remedy: Landlock does not cover chmod, chown, utime and setxattr; only a read-only mount does.
#   Show the tree through a recursively read-only bind mount (`bwrap --ro-bind TREE TREE ...`).
#   Impact: none for readers.
. "${0%/*}/../lib.sh"
begin "$1"
act set-times "$CANARY"
