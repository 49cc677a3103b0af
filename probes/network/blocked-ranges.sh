#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# id: network.blocked-ranges
# title: Reach link-local and metadata addresses where all else is open
# requirement: NET-13
# class: T
# needs: lab
# policy: /network/mode="unrestricted"
# policy: /network/denyLinkLocalAndMetadata=true
# setup: lab
# witness: arrivals
# refusals: ENETUNREACH EHOSTUNREACH EADDRNOTAVAIL EACCES EPERM EAFNOSUPPORT ENETDOWN ECONNREFUSED
# reach: identity
# budget: seconds=3 tasks=64 memory=256M output=64K
# what: Sends a datagram to twelve addresses, some of each range that stays on the link or holds
#   a metadata service, one after the other until one goes, while the policy leaves the rest of
#   the network open. The result says which went: address-3 is the third in the script.
# why: A script that may use the network still must not have the machine's credentials. A list
#   of such addresses is as good as its worst omission: Azure's is public, Alibaba's lies in the
#   space of carriers, Amazon's and Google's have IPv6 addresses of their own.
# remedy: Refuse 169.254.0.0/16, 168.63.129.16, 100.100.100.200, 192.0.0.192, 224.0.0.0/24,
#   255.255.255.255, fe80::/10, fc00::/7, ff02::/16 and 2001::/32 (nft(8)) in a network
#   namespace of the script's own, before it starts. Impact: no cloud credentials, no neighbours
#   on the link.
. "${0%/*}/../lib.sh"
begin "$1"
lab_only
act udp-any 80 169.254.169.254 169.254.1.1 168.63.129.16 100.100.100.200 192.0.0.192 224.0.0.251 \
	fd00:ec2::254 fd20:ce::254 fc00::1 fe80::a9fe:a9fe ff02::fb 2001:0:a9fe:a9fe::1
