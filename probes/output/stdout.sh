#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: output.stdout
# title: Flood standard output
# requirement: OUT-01
# class: C
# needs: nothing
# policy: /resources/maxOutputBytes=65536
# setup: nothing
# witness: bytes memory
# refusals: witness killed EPIPE SIGPIPE
# reach: identity
# budget: seconds=5 tasks=32 memory=128M output=4M
# what: Writes 1 MiB of text to standard output, with 64 KiB allowed.
# why: Logs fill disks, and whoever keeps output in memory is killed for it. None of the
#   launchers measured when this was written capped it: 64 MiB passed through each.
# remedy: Nothing counts the output. Let the launcher read it through pipes of its own and end
#   the run at the budget. Impact: what comes after the cut is lost, and the launcher says so.
. "${0%/*}/../lib.sh"
begin "$1"
flood out 1M text polite
