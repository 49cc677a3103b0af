#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: scratch.setuid-file
# title: Run a set-user-ID file of root's that lies in scratch
# requirement: FS-02
# class: C
# needs: root-caller
# setup: setuid-in-scratch
# witness: nothing
# refusals: absent EACCES EPERM
# reach: identity
# budget: seconds=3 tasks=32 memory=64M output=64K
# rests-on: PRV-01
# what: Runs a set-user-ID file of root's from scratch and asks whether the effective uid became
#   0.
# why: Scratch may outlive the run, or be filled by a second one: what lies in it must not carry
#   privilege.
# remedy: Scratch is mounted without nosuid, and no_new_privs is not set. Set both (`mount -o
#   remount,bind,nosuid SCRATCH`, `setpriv --no-new-privs COMMAND`). Impact: none for scripts.
. "${0%/*}/../lib.sh"
begin "$1"
line=$("$SETUID_HELPER" effective-root)
say "${line%% *}" "${line#* }"
