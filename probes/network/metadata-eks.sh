#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: network.metadata-eks
# title: Connect to the credentials of AWS EKS Pod Identity
# requirement: NET-13
# class: T
# needs: lab
# policy: /network/mode="deny"
# setup: lab
# witness: arrivals
# refusals: ENETUNREACH EHOSTUNREACH EADDRNOTAVAIL EACCES EPERM EAFNOSUPPORT ENETDOWN
# reach: identity
# budget: seconds=3 tasks=32 memory=64M output=64K
# rests-on: NET-01
# what: Connects to 169.254.170.23 port 80, the credentials of AWS EKS Pod Identity.
# why: It hands out credentials for the role of a pod. It lies in the same link-local block as
#   the metadata service but at another address: a rule for 169.254.169.254 alone misses it.
# remedy: The script shares a network namespace that has a route out. Give it one of its own
#   with loopback only (`bwrap --unshare-net`, `unshare -n`), or refuse the socket families with
#   seccomp. Impact: no network at all.
. "${0%/*}/../lib.sh"
begin "$1"
lab_only
act tcp 169.254.170.23 80
