#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: scratch.gone
# title: Leave a file in scratch
# requirement: FS-02
# class: C
# needs: nothing
# setup: own-scratch
# witness: gone
# refusals: witness
# reach: identity
# budget: seconds=3 tasks=32 memory=64M output=64K
# what: Leaves a file in the scratch directory that the launcher made. The harness looks for it
#   in every place that such a directory could lie.
# why: What is left behind is read by the next run, and fills the disk.
# remedy: Nothing removes the directory. Let the launcher make it on a tmpfs of the run's own,
#   or remove it whichever way the run ends. Impact: results have to be taken out before the
#   end.
. "${0%/*}/../lib.sh"
begin "$1"
printf residue >"$SCRATCH/residue-$NONCE"
say reached -
