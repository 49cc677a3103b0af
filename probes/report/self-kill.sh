#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: report.self-kill
# title: Die of SIGKILL and take the launcher along
# requirement: RPT-03
# class: C
# needs: nothing
# setup: nothing
# witness: launcher-outlives
# refusals: witness
# reach: caller
# budget: seconds=3 tasks=32 memory=64M output=64K
# what: The script's shell kills itself with SIGKILL.
# why: Where the launcher became the script by exec, nobody is left to report. Where the script
#   is the init of its pid namespace, the signal is dropped without a word.
# remedy: Keep a launcher outside, and an init that is not the script inside (bubblewrap without
#   `--as-pid-1`; `unshare --fork`). Impact: two processes more.
. "${0%/*}/../lib.sh"
begin "$1"
say reached -
kill -KILL "$$"
