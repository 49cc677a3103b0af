#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: lifecycle.left-deep
# title: Leave a tree that is deeper than a path is long
# requirement: LIF-23
# class: C
# needs: nothing
# setup: own-scratch
# witness: gone
# refusals: witness
# reach: identity
# budget: seconds=5 tasks=32 memory=64M output=64K
# rests-on: FS-02
# what: Leaves 150 directories one within the other, 6000 bytes of names, in the scratch
#   directory that the launcher made. After the run the harness looks for them in every place
#   where a scratch directory could lie.
# why: A path of more than 4096 bytes cannot be opened, so whoever removes by path stops
#   there, and what is left fills the disk; whoever removes by recursion runs out of stack or
#   of descriptors.
# remedy: Make scratch on a file system of the run's own (`bwrap --tmpfs SCRATCH`), which is
#   gone with its last process; or remove it by descriptors, without following links, as the
#   script's identity, giving directories their modes back. Impact: results have to be taken out
#   before the end.
. "${0%/*}/../lib.sh"
begin "$1"
act leave-deep "$SCRATCH/deep-residue-$NONCE" 150
