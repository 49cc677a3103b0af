#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: output.stderr
# title: Flood standard error
# requirement: OUT-01
# class: C
# needs: nothing
# policy: /resources/maxOutputBytes=65536
# setup: nothing
# witness: bytes memory
# refusals: witness killed EPIPE SIGPIPE
# reach: identity
# budget: seconds=5 tasks=32 memory=128M output=4M
# what: Writes 1 MiB of text to standard error, with 64 KiB allowed.
# why: The stream that is forgotten: caps are often on standard output only.
# remedy: Nothing counts the output. Let the launcher read it through pipes of its own and end
#   the run at the budget. Impact: what comes after the cut is lost, and the launcher says so.
. "${0%/*}/../lib.sh"
begin "$1"
flood err 1M text polite
