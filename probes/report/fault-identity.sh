#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: report.fault-identity
# title: Run as the host's root although no identity can be changed
# requirement: RPT-21
# class: C
# needs: root-caller
# policy: /onUnavailable="fail"
# setup: handicap=identity
# witness: scratch-owner
# refusals: refused witness
# reach: caller
# budget: seconds=3 tasks=32 memory=64M output=64K
# rests-on: PRV-01
# what: The launcher is started, by root, where nothing can change its user or groups (a
#   seccomp filter answers EPERM); the script, if it is run at all, writes a file to scratch.
#   The harness looks at its owner from outside.
# why: setuid can fail: at a limit on the processes of a user (until Linux 3.1), or where
#   somebody took a capability away or set a filter. A launcher that does not look goes on as
#   root, as sendmail did in 2000 when its caller had taken CAP_SETUID away.
# remedy: Check the answer of every call of the set-up. Where one fails that a promise rests on,
#   refuse to run, or state the loss where the policy allows it. Impact: hosts that lack the
#   call run nothing, unless the policy allows the loss.
. "${0%/*}/../lib.sh"
begin "$1"
say reached -
