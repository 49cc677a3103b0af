#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: filesystem.visible-xattr
# title: Set an extended attribute on a file that is shown read-only
# requirement: FS-12
# class: C
# needs: nothing
# setup: canary-visible
# witness: canary-file
# refusals: EROFS EACCES EPERM ENOENT
# reach: identity
# budget: seconds=3 tasks=32 memory=64M output=64K
# what: Sets the attribute user.confine on a file inside what is shown read-only.
# why: Attributes carry capabilities, labels and access lists. Landlock lets the change through.
# remedy: Landlock does not cover chmod, chown, utime and setxattr; only a read-only mount does.
#   Show the tree through a recursively read-only bind mount (`bwrap --ro-bind TREE TREE ...`).
#   Impact: none for readers.
. "${0%/*}/../lib.sh"
begin "$1"
act set-xattr "$CANARY"
