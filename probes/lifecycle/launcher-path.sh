#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: lifecycle.launcher-path
# title: Replace the launcher's program
# requirement: LIF-21
# class: C
# needs: nothing
# setup: launcher-copy
# witness: launcher-file
# refusals: EROFS EACCES EPERM ENOENT
# reach: identity
# budget: seconds=3 tasks=32 memory=64M output=64K
# rests-on: FS-01
# what: Puts a new file beside the launcher's program and moves it over it; where that is
#   refused, opens the program for writing. The program is a copy that this identity may
#   change outside.
# why: Whoever changes the launcher owns the next run, and with it whoever started it. A
#   user's own copy in ~/bin belongs to the user that the script runs as.
# remedy: The program lies in a tree that the script may write. Show that tree read-only or
#   not at all (`bwrap --ro-bind`). Impact: none.
. "${0%/*}/../lib.sh"
begin "$1"
act replace "$LAUNCHER"
