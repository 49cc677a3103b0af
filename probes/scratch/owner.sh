#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: scratch.owner
# title: Write to scratch as root seen from outside
# requirement: FS-02
# class: C
# needs: root-caller
# setup: nothing
# witness: scratch-owner
# refusals: witness
# reach: caller
# budget: seconds=3 tasks=32 memory=64M output=64K
# rests-on: PRV-01
# what: Writes a file in scratch. The harness looks, from outside, at who owns it.
# why: `bwrap --uid 1001` started by root maps that number to the host's root: inside it looks
#   like a drop, outside every file is root's.
# remedy: The script runs as the host's root. Change to another uid before the sandbox is
#   entered (`setpriv --reuid=UID --regid=GID --clear-groups LAUNCHER`), or map root to one in a
#   user namespace. Impact: the scratch directory has to be given to that uid (`chown`).
. "${0%/*}/../lib.sh"
begin "$1"
say reached -
