#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: filesystem.passed-read
# title: Read a secret through a directory that was handed in
# requirement: FS-21
# class: P
# needs: nothing
# setup: secret-file=beside broker
# witness: secret
# refusals: EACCES EPERM ENOENT
# reach: identity
# budget: seconds=3 tasks=32 memory=64M output=64K
# what: Connects to a socket in scratch, behind which a service outside hands over an open
#   descriptor of the host's root directory; opens somebody else's file through that descriptor,
#   and reads it.
# why: The descriptor leads around every mount of the sandbox, as a mistake in one of them would.
#   Whether there is a second wall shows only where the first is not in the way.
# remedy: Add a wall that is asked at every open, whatever the descriptor: a Landlock rule set
#   inside the mount namespace, or a label of SELinux or AppArmor. Impact: a directory that is
#   handed in on purpose has to be among the rules.
. "${0%/*}/../lib.sh"
begin "$1"
act read-passed "$BROKER" "$SECRET_FILE" "$SCRATCH/loot"
