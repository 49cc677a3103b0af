#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: lifecycle.left-many
# title: Leave thousands of names
# requirement: LIF-23
# class: C
# needs: nothing
# setup: own-scratch
# witness: gone
# refusals: witness
# reach: identity
# budget: seconds=5 tasks=32 memory=64M output=64K
# rests-on: FS-02
# what: Leaves 3000 empty files in one directory of the scratch directory that the launcher
#   made. After the run the harness looks for them in every place where a scratch directory
#   could lie.
# why: A list that is read whole, or a removal with a deadline of its own, gives up before the
#   end; what is left is there for the next run to read.
# remedy: Make scratch on a file system of the run's own (`bwrap --tmpfs SCRATCH`), which is
#   gone with its last process; or remove it by descriptors, without following links, as the
#   script's identity, giving directories their modes back. Impact: results have to be taken out
#   before the end.
. "${0%/*}/../lib.sh"
begin "$1"
act leave-many "$SCRATCH/many-residue-$NONCE" 3000
