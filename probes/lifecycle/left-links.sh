#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: lifecycle.left-links
# title: Leave links to a directory outside
# requirement: LIF-23
# class: C
# needs: nothing
# setup: canary-file own-scratch
# witness: canary-file gone
# refusals: witness
# reach: identity
# budget: seconds=5 tasks=32 memory=64M output=64K
# rests-on: FS-02
# what: Leaves symbolic links to a directory outside, one at the top and one a level down, in
#   the scratch directory that the launcher made. The directory outside holds a file that this
#   identity may remove. After the run the harness looks whether that file is still there, and
#   looks for the links in every place where a scratch directory could lie.
# why: A removal that follows links removes what they lead to, with the rights of whoever
#   removes: CVE-2022-21658 (the Rust standard library, 2022) was a directory exchanged for a
#   link between the look and the removal.
# remedy: Make scratch on a file system of the run's own (`bwrap --tmpfs SCRATCH`), which is
#   gone with its last process; or remove it by descriptors, without following links, as the
#   script's identity, giving directories their modes back. Impact: results have to be taken out
#   before the end.
. "${0%/*}/../lib.sh"
begin "$1"
act leave-links "$SCRATCH/links-residue-$NONCE" "${CANARY%/*}"
