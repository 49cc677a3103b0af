#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: output.held-pipe
# title: Keep the pipe open after the end
# requirement: OUT-01
# class: C
# needs: nothing
# setup: nothing
# witness: ends=1000
# refusals: witness
# reach: identity
# budget: seconds=5 tasks=32 memory=64M output=64K
# what: Leaves a background child that holds both streams open for 1.8 s, and ends.
# why: Whoever reads until the end of the file waits for the child: a run that took a moment
#   hangs until its deadline, and is reported as timed out.
# remedy: The launcher waits for the pipe instead of the process. End the tree when the script
#   ends, then drain what is there. Impact: background children end with the script.
. "${0%/*}/../lib.sh"
begin "$1"
"$ATTACK" hold 1800 &
say reached -
