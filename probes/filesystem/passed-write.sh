#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: filesystem.passed-write
# title: Write outside through a directory that was handed in
# requirement: FS-21
# class: C
# needs: nothing
# setup: canary-file broker
# witness: canary-file
# refusals: EROFS EACCES EPERM ENOENT
# reach: identity
# budget: seconds=3 tasks=32 memory=64M output=64K
# what: Connects to a socket in scratch, behind which a service outside hands over an open
#   descriptor of the host's root directory; opens a file outside scratch through that
#   descriptor, and appends one line.
# why: The descriptor leads around every mount of the sandbox, as a mistake in one of them would.
#   Whether there is a second wall shows only where the first is not in the way.
# remedy: Add a wall that is asked at every open, whatever the descriptor: a Landlock rule set
#   inside the mount namespace, or a label of SELinux or AppArmor. Impact: a directory that is
#   handed in on purpose has to be among the rules.
. "${0%/*}/../lib.sh"
begin "$1"
act append-passed "$BROKER" "$CANARY"
