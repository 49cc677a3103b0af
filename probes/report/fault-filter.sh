#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: report.fault-filter
# title: Run without the system call filter that was asked for
# requirement: RPT-21
# class: T
# needs: nothing
# policy: /onUnavailable="fail"
# policy: /syscalls/mode="default"
# setup: handicap=filters
# witness: nothing
# refusals: refused EPERM ENOSYS EACCES SIGSYS
# closed: ENOSYS
# reach: identity
# budget: seconds=3 tasks=32 memory=64M output=64K
# rests-on: SYS-23
# what: The policy insists on a filter, and the launcher is started where none can be set
#   (seccomp and prctl(PR_SET_SECCOMP) answer EPERM); the script, if it is run at all, asks
#   keyctl(2) for the number of its session keyring, which the filter was to refuse.
# why: What is not in force cannot be seen by whoever only asked for it: Kubernetes ran its
#   containers without a filter unless told otherwise, an audit found in 2019 (TOB-K8S-002), and
#   Docker does so where the kernel has none.
# remedy: Check the answer of every call of the set-up. Where one fails that a promise rests on,
#   refuse to run, or state the loss where the policy allows it. Impact: hosts that lack the
#   call run nothing, unless the policy allows the loss.
. "${0%/*}/../lib.sh"
begin "$1"
act call keyctl
