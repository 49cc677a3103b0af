#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: privilege.bounding-set
# title: Keep a capability bounding set that is not empty
# requirement: PRV-01
# class: P
# needs: nothing
# setup: nothing
# witness: nothing
# refusals: absent
# reach: identity
# budget: seconds=3 tasks=32 memory=64M output=64K
# what: Asks the kernel for each bit of the capability bounding set.
# why: The bounding set is the upper limit of the capabilities that an exec may bring; where it
#   is empty, a mistake elsewhere gains nothing.
# remedy: `setpriv --bounding-set=-all`, `bwrap --cap-drop ALL`, or PR_CAPBSET_DROP before the
#   uid is changed. Impact: none for scripts.
. "${0%/*}/../lib.sh"
begin "$1"
act any-bounding
