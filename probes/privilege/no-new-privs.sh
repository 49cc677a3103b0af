#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: privilege.no-new-privs
# title: Run with the chance to gain privilege at exec
# requirement: PRV-01
# class: P
# needs: nothing
# setup: nothing
# witness: nothing
# refusals: absent
# reach: identity
# budget: seconds=3 tasks=32 memory=64M output=64K
# what: Asks the kernel whether no_new_privs is set.
# why: Without it every set-user-ID file and file capability in view is a way up, and Landlock
#   and seccomp cannot be stacked by the script's own programs.
# remedy: `setpriv --no-new-privs`, or prctl(PR_SET_NO_NEW_PRIVS) before exec. Impact: sudo and
#   the like do not work inside.
. "${0%/*}/../lib.sh"
begin "$1"
act may-gain
