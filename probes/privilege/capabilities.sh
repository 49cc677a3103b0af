#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: privilege.capabilities
# title: Hold a capability
# requirement: PRV-01
# class: P
# needs: root-caller
# setup: nothing
# witness: nothing
# refusals: absent
# reach: caller
# budget: seconds=3 tasks=32 memory=64M output=64K
# what: Asks the kernel for the effective, permitted, inheritable and ambient sets of
#   capabilities. One capability in any of them is enough.
# why: CVE-2022-24769: inheritable capabilities that an engine left behind came back with the
#   first file that asked for them.
# remedy: Clear all sets (`setpriv --inh-caps=-all --ambient-caps=-all --bounding-set=-all`,
#   `bwrap --cap-drop ALL`) and change the uid. Impact: none for scripts.
. "${0%/*}/../lib.sh"
begin "$1"
act any-capability
