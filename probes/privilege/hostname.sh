#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: privilege.hostname
# title: Set the host name
# requirement: PRV-13
# class: T
# needs: root-caller
# setup: nothing
# witness: nothing
# refusals: EPERM
# reach: caller
# budget: seconds=3 tasks=32 memory=64M output=64K
# rests-on: PRV-01
# what: Sets the host name to what it is already.
# why: The name belongs to the uts namespace; shared, it is the host's, and logs and
#   certificates depend on it.
# remedy: The script holds CAP_SYS_ADMIN over the host's uts namespace. Drop the capability;
#   give it a namespace of its own (`unshare --uts`). Impact: none.
. "${0%/*}/../lib.sh"
begin "$1"
act set-hostname
