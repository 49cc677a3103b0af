#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: lifecycle.start-open-umask
# title: Have the receipt written for everybody
# requirement: LIF-22
# class: P
# needs: receipt
# setup: invocation=open-umask
# witness: receipt-mode
# refusals: witness refused
# reach: caller
# budget: seconds=3 tasks=32 memory=64M output=64K
# what: The launcher is started with umask 0, and the harness looks at the mode of the receipt,
#   the launcher's written statement about the run: group and others must not be able to write
#   it.
# why: A umask is the caller's, and a file that is created with mode 0666 is everybody's to
#   change under umask 0: a statement that anybody may alter is none.
# remedy: Create files with the mode that they are to have, 0600 or 0644, or set the umask
#   first. Impact: none.
. "${0%/*}/../lib.sh"
begin "$1"
say reached -
