#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: syscalls.bpf
# title: Get bpf through to the kernel
# requirement: SYS-23
# class: T
# needs: nothing
# setup: nothing
# witness: nothing
# refusals: EPERM ENOSYS EACCES SIGSYS
# closed: ENOSYS
# reach: identity
# budget: seconds=3 tasks=32 memory=64M output=64K
# what: Calls bpf(2) with a command that does not exist. The kernel says EINVAL; only a filter in
#   front says something else.
# why: The verifier of eBPF programs is a favourite way to kernel memory (CVE-2021-3490,
#   CVE-2022-23222).
# remedy: Install a seccomp filter before the script starts (`--seccomp` of bubblewrap, the
#   default profile of container engines) that refuses bpf. kernel.unprivileged_bpf_disabled is
#   not enough: since Linux 5.19 it stops maps and programs, not the call that is tried here.
#   Impact: none for ordinary programs.
. "${0%/*}/../lib.sh"
begin "$1"
act call bpf
