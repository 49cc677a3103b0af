#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: privilege.sysrq
# title: Open the system request trigger for writing
# requirement: PRV-13
# class: T
# needs: root-caller
# setup: nothing
# witness: nothing
# refusals: EACCES EPERM EROFS ENOENT
# reach: caller
# budget: seconds=3 tasks=32 memory=64M output=64K
# rests-on: PRV-01
# what: Opens /proc/sysrq-trigger for writing and closes it again. Nothing is written.
# why: One byte written there reboots the host.
# remedy: /proc is writable, and the script is the host's root. Give it another uid (`setpriv
#   --reuid=UID --regid=GID --clear-groups COMMAND`, or a user namespace that maps root to one),
#   or mount /proc/sysrq-trigger read-only (`mount --bind -o ro /proc/sysrq-trigger
#   /proc/sysrq-trigger`), as container engines do. Impact: none for scripts.
. "${0%/*}/../lib.sh"
begin "$1"
act open-write /proc/sysrq-trigger
