#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: privilege.setuid-helper
# title: Run a set-user-ID file of root's
# requirement: PRV-01
# class: C
# needs: root-caller
# setup: setuid-helper
# witness: nothing
# refusals: absent EACCES EPERM ENOENT
# reach: identity
# budget: seconds=3 tasks=32 memory=64M output=64K
# what: Runs a set-user-ID copy of the suite's own program confine-attack, owned by root, from a
#   directory that the target shows, and asks whether the effective uid became 0.
# why: Every host has such files, and every year one of them has a hole (sudo, CVE-2021-3156;
#   pkexec, CVE-2021-4034).
# remedy: no_new_privs is not set, and the mount allows set-user-ID. Start with `setpriv
#   --no-new-privs COMMAND`, and show every mount with nosuid. Impact: sudo and the like do not
#   work inside.
. "${0%/*}/../lib.sh"
begin "$1"
line=$("$SETUID_HELPER" effective-root)
say "${line%% *}" "${line#* }"
