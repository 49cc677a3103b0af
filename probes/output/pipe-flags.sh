#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: output.pipe-flags
# title: Change the flags of the caller's pipe
# requirement: FD-11
# class: C
# needs: nothing
# setup: nothing
# witness: nonblock
# refusals: witness
# reach: identity
# budget: seconds=3 tasks=32 memory=64M output=64K
# what: Sets O_NONBLOCK on standard output. The flag belongs to the open file description, so
#   whoever holds another descriptor of it has it too.
# why: A caller whose own writes suddenly fail with EAGAIN loses output, or falls over.
# remedy: The script holds the caller's own descriptor. Hand it the write end of a pipe that the
#   launcher made (from a shell: `LAUNCHER | cat`). Impact: the output is copied once more.
. "${0%/*}/../lib.sh"
begin "$1"
exec 3>&1
act set-nonblock 3
