#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: output.binary
# title: Flood standard output with every byte there is
# requirement: OUT-01
# class: C
# needs: nothing
# policy: /resources/maxOutputBytes=65536
# setup: nothing
# witness: bytes memory
# refusals: witness killed EPIPE SIGPIPE
# reach: identity
# budget: seconds=5 tasks=32 memory=128M output=4M
# what: Writes 1 MiB of all byte values in order, NUL and ESC among them, with 64 KiB allowed.
# why: Whoever counts characters, or stops at NUL, counts something else than bytes; an invalid
#   byte that is decoded becomes three.
# remedy: Nothing counts the output. Let the launcher read it through pipes of its own and end
#   the run at the budget. Impact: what comes after the cut is lost, and the launcher says so.
. "${0%/*}/../lib.sh"
begin "$1"
flood out 1M binary polite
