#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: network.metadata-v6
# title: Connect to the AWS metadata service over IPv6
# requirement: NET-13
# class: T
# needs: lab
# policy: /network/mode="deny"
# setup: lab
# witness: arrivals
# refusals: ENETUNREACH EHOSTUNREACH EADDRNOTAVAIL EACCES EPERM EAFNOSUPPORT ENETDOWN
# closed: EAFNOSUPPORT
# reach: identity
# budget: seconds=3 tasks=32 memory=64M output=64K
# rests-on: NET-01
# what: Connects to fd00:ec2::254 port 80, the AWS metadata service over IPv6.
# why: The service hands out the credentials of the machine, and this is Amazon's IPv6 address
#   for it: a list that closes 169.254.0.0/16 and nothing else leaves it open.
# remedy: The script shares a network namespace that has a route out. Give it one of its own
#   with loopback only (`bwrap --unshare-net`, `unshare -n`), or refuse the socket families with
#   seccomp. Impact: no network at all.
. "${0%/*}/../lib.sh"
begin "$1"
lab_only
act tcp fd00:ec2::254 80
