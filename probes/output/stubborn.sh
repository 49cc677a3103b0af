#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: output.stubborn
# title: Flood on, deaf to TERM and PIPE
# requirement: OUT-01
# class: C
# needs: nothing
# policy: /resources/maxOutputBytes=65536
# setup: nothing
# witness: bytes memory survivors
# refusals: witness killed EPIPE SIGPIPE
# reach: identity
# budget: seconds=5 tasks=32 memory=128M output=4M
# what: Ignores TERM, HUP, INT and SIGPIPE and writes 1 MiB to each stream, with 64 KiB allowed.
# why: At the cap a polite writer dies of a closed pipe or of a TERM. This one has to be killed.
# remedy: Nothing counts the output. Let the launcher read it through pipes of its own and end
#   the run at the budget. Impact: what comes after the cut is lost, and the launcher says so.
. "${0%/*}/../lib.sh"
begin "$1"
flood both 1M text stubborn
