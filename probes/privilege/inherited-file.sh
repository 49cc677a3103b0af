#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: privilege.inherited-file
# title: Write to an inherited file
# requirement: FD-01
# class: C
# needs: nothing
# setup: canary-file fd-file
# witness: canary-file
# refusals: EBADF
# reach: identity
# budget: seconds=3 tasks=32 memory=64M output=64K
# what: The launcher was started with descriptor 9 open for writing on a file outside scratch.
#   The script writes one line to it.
# why: An open descriptor is a right that no mount and no Landlock rule takes back: access was
#   checked when it was opened.
# remedy: A descriptor of the caller's is handed on. Close everything above 2 before exec
#   (close_range(3, ~0U, 0)). Impact: descriptors that are meant to be handed on have to be
#   named.
. "${0%/*}/../lib.sh"
begin "$1"
act append-descriptor "$LEAK_FD"
