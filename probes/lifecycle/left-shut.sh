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
#   launcher made. The harness looks in every place where a scratch directory could lie
#   whether it is still there after the run.
# why: An unprivileged launcher has no right to what it did not open before: it has to give
#   the modes back, and a removal that ends at the first error leaves all the rest.
# remedy: Make scratch on a file system of the run's own, which is gone with its last user; or
#   remove it by descriptors, without following links, as the script's identity, giving
#   directories their modes back. Impact: results have to be taken out before the end.
. "${0%/*}/../lib.sh"
begin "$1"
act leave-shut "$SCRATCH/shut-residue-$NONCE"
