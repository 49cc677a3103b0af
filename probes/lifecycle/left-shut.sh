#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: lifecycle.left-shut
# title: Leave directories that nobody may enter
# requirement: LIF-23
# class: C
# needs: nothing
# setup: own-scratch
# witness: gone
# refusals: witness
# reach: identity
# budget: seconds=5 tasks=32 memory=64M output=64K
# rests-on: FS-02
# what: Leaves directories of mode 0 with files in them in the scratch directory that the
#   launcher made. After the run the harness looks for them in every place where a scratch
#   directory could lie.
# why: An unprivileged launcher cannot enter such a directory before it has given the mode back,
#   and a removal that ends at the first error leaves all the rest.
# remedy: Make scratch on a file system of the run's own (`bwrap --tmpfs SCRATCH`), which is
#   gone with its last process; or remove it by descriptors, without following links, as the
#   script's identity, giving directories their modes back. Impact: results have to be taken out
#   before the end.
. "${0%/*}/../lib.sh"
begin "$1"
act leave-shut "$SCRATCH/shut-residue-$NONCE"
