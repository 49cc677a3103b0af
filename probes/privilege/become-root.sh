#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: privilege.become-root
# title: Become uid 0
# requirement: PRV-01
# class: T
# needs: root-caller
# setup: nothing
# witness: nothing
# refusals: EPERM EINVAL
# reach: caller
# budget: seconds=3 tasks=32 memory=64M output=64K
# what: Calls setresuid(0, 0, 0).
# why: A launcher that changes only the effective uid, or keeps CAP_SETUID, leaves the way back
#   open.
# remedy: Change real, effective and saved uid together, then empty the capability sets
#   (`setpriv --reuid=UID --regid=GID --clear-groups --bounding-set=-all COMMAND`). Impact: none
#   for scripts.
. "${0%/*}/../lib.sh"
begin "$1"
act become-uid 0
