#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: privilege.root-file
# title: Read a file of root's
# requirement: PRV-01
# class: P
# needs: root-caller
# setup: root-file
# witness: secret
# refusals: EACCES EPERM ENOENT
# reach: caller
# budget: seconds=3 tasks=32 memory=64M output=64K
# what: Reads a file of root's, mode 0600, in a directory that the target was asked to show.
# why: Whatever number the script sees as its uid: if the file opens, the host takes the script
#   for root. So it is with `bwrap --uid 1001` started by root.
# remedy: The script runs as the host's root, or holds CAP_DAC_OVERRIDE. Change to another uid
#   before anything of the script runs (`setpriv --reuid=UID --regid=GID --clear-groups
#   COMMAND`), or map root to one in a user namespace. Impact: scratch has to be given to it
#   (`chown`).
. "${0%/*}/../lib.sh"
begin "$1"
act read "$SECRET_FILE" "$SCRATCH/loot"
