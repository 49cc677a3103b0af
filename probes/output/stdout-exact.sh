#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: output.stdout-exact
# title: Get one byte more through standard output than allowed
# requirement: OUT-01
# class: C
# needs: nothing
# policy: /resources/maxOutputBytes=65536
# setup: nothing
# witness: stdout-bytes
# refusals: witness killed EPIPE SIGPIPE
# reach: identity
# budget: seconds=5 tasks=32 memory=128M output=4M
# what: Writes 256 KiB of text to standard output, with 64 KiB allowed. The harness counts to
#   the byte what came out there. What the launcher says for itself goes to standard error.
# why: A budget that is off by one, or off by a factor, is not the one that was asked for and
#   written into a receipt.
# remedy: Nothing counts the output, or the count ends at another number. Let the launcher read
#   it through pipes of its own and end the run at the budget. Impact: what comes after the cut
#   is lost, and the launcher says so.
. "${0%/*}/../lib.sh"
begin "$1"
flood out 256K text polite
