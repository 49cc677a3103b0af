#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: syscalls.any-kernel
# title: Get any call of io_uring, bpf, perf or the key rings through to the kernel
# requirement: SYS-23
# class: T
# needs: nothing
# setup: nothing
# witness: nothing
# refusals: EPERM ENOSYS EACCES SIGSYS
# reach: identity
# budget: seconds=3 tasks=32 memory=64M output=64K
# what: Makes nine calls one after the other, with addresses, commands and descriptors that lead
#   nowhere: the three of io_uring, bpf, perf_event_open, userfaultfd, keyctl, add_key and
#   request_key. The result names the call that got the kernel's own answer.
# why: Each opens a large part of the kernel that a script has no use for, and a filter that refuses
#   the first call of a family may have forgotten the others: a ring that was passed in needs no
#   io_uring_setup.
# remedy: Install a seccomp filter before the script starts that refuses all of them; ENOSYS for
#   io_uring makes programs fall back to other calls. Impact: none for ordinary programs.
. "${0%/*}/../lib.sh"
begin "$1"
act let-through kernel
