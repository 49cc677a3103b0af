#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: privilege.inherited-directory
# title: Write outside through an inherited directory
# requirement: FD-01
# class: C
# needs: nothing
# setup: canary-file fd-dir
# witness: canary-file
# refusals: EBADF EACCES EPERM EROFS ENOENT ENOTDIR
# reach: identity
# budget: seconds=3 tasks=32 memory=64M output=64K
# what: The launcher was started with descriptor 9 open on the root directory. The script opens
#   a file outside scratch relative to it and appends one line.
# why: CVE-2024-21626: one directory descriptor of the host, left open in runc, was the whole
#   host. bubblewrap, minijail and others hand such descriptors on.
# remedy: A descriptor of the caller's is handed on. Close everything above 2 before exec
#   (close_range(3, ~0U, 0)). Impact: descriptors that are meant to be handed on have to be
#   named.
. "${0%/*}/../lib.sh"
begin "$1"
act append-at "$LEAK_FD" "$CANARY"
