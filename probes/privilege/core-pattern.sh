#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: privilege.core-pattern
# title: Open the core pattern for writing
# requirement: PRV-13
# class: T
# needs: root-caller
# setup: nothing
# witness: nothing
# refusals: EACCES EPERM EROFS ENOENT
# reach: caller
# budget: seconds=3 tasks=32 memory=64M output=64K
# rests-on: PRV-01
# what: Opens /proc/sys/kernel/core_pattern for writing and closes it again. Nothing is written.
# why: A pattern that begins with a pipe is a program which the kernel runs as root, outside
#   every namespace, at the next crash. Under bubblewrap, unshare and others it is open to the
#   script when root starts them; CVE-2025-31133 was another way there.
# remedy: /proc/sys is writable, and the script is the host's root. Give it another uid
#   (`setpriv --reuid=UID --regid=GID --clear-groups COMMAND`, or a user namespace that maps
#   root to one), or mount /proc/sys read-only in its mount namespace (`mount --bind -o ro
#   /proc/sys /proc/sys`). Impact: none for scripts.
. "${0%/*}/../lib.sh"
begin "$1"
act open-write /proc/sys/kernel/core_pattern
