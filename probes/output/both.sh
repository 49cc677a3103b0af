#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: output.both
# title: Flood both streams at once
# requirement: OUT-01
# class: C
# needs: nothing
# policy: /resources/maxOutputBytes=65536
# setup: nothing
# witness: bytes memory
# refusals: witness killed EPIPE SIGPIPE
# reach: identity
# budget: seconds=5 tasks=32 memory=128M output=4M
# what: Writes 512 KiB to each stream in turn, with 64 KiB allowed for both together.
# why: Two budgets are twice the budget, and a reader that drains one stream first can be
#   blocked by the other.
# remedy: Nothing counts the output. Let the launcher read it through pipes of its own and end
#   the run at the budget. Impact: what comes after the cut is lost, and the launcher says so.
. "${0%/*}/../lib.sh"
begin "$1"
flood both 512K text polite
