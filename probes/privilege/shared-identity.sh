#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: privilege.shared-identity
# title: Share the uid with another run at the same time
# requirement: PRV-11
# class: P
# needs: nothing
# setup: second-run
# witness: identities
# refusals: witness
# reach: caller
# budget: seconds=5 tasks=64 memory=128M output=64K
# rests-on: PRV-01
# what: The target runs twice at the same time. The harness compares the uids of both as the
#   host sees them.
# why: RLIMIT_NPROC, inotify, keys and queues are counted for each uid, and every file of one is
#   the other's: two runs of one uid can starve and change each other.
# remedy: Give each run a uid of its own for as long as it lasts: from a range that is handed
#   out under a lock, or from systemd (`systemd-run -p DynamicUser=yes COMMAND`). Not possible
#   for a caller without subordinate uids. Impact: files of a run have to be given to the caller
#   afterwards (`chown`).
. "${0%/*}/../lib.sh"
begin "$1"
say reached -
