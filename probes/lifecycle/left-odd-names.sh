#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: lifecycle.left-odd-names
# title: Leave names that are taken for something else
# requirement: LIF-23
# class: C
# needs: nothing
# setup: own-scratch
# witness: gone
# refusals: witness
# reach: identity
# budget: seconds=5 tasks=32 memory=64M output=64K
# rests-on: FS-02
# what: Leaves files whose names are `-rf`, `*` or a blank, or hold a line feed, an escape
#   sequence or bytes that are no UTF-8, and a fifo, in the scratch directory that the launcher
#   made. After the run the harness looks for them in every place where a scratch directory
#   could lie.
# why: A removal that goes through a shell or through lines of text takes such names for
#   options, patterns or two names; whoever opens the fifo waits for ever.
# remedy: Make scratch on a file system of the run's own (`bwrap --tmpfs SCRATCH`), which is
#   gone with its last process; or remove it by descriptors, without following links, as the
#   script's identity, giving directories their modes back. Impact: results have to be taken out
#   before the end.
. "${0%/*}/../lib.sh"
begin "$1"
act leave-odd "$SCRATCH/odd-residue-$NONCE"
