#!/usr/bin/env bash
# Installs what building and testing need and this machine lacks. Says nothing when nothing is missing.
set -euo pipefail

fail() { echo "deps: $*" >&2; exit 1; }

[ "$(id -u)" = 0 ] || fail "this needs root: it installs packages, and the tests make namespaces, mounts and cgroups. Run it again with sudo."

command -v dotnet >/dev/null ||
  fail "the .NET 10 SDK is missing ('dotnet' is not on PATH). Install dotnet-sdk-10.0: https://learn.microsoft.com/dotnet/core/install/linux-debian"
version=$(dotnet --version 2>/dev/null) || version="no SDK that global.json accepts"
[[ $version == 10.* ]] || fail "the .NET 10 SDK is needed, 'dotnet --version' says: $version. Install dotnet-sdk-10.0 beside it."

# What each is for:
#   gcc, libc6-dev, zlib1g-dev   the link step of Native AOT; gcc also compiles the C that checks our constants
#   libssl3, ca-certificates     TLS to registries
#   libseccomp2                  compiles seccomp filters
#   libisal2                     the fast inflater for layers (zlib-ng is used without it)
#   busybox-static               what test images and the demo are made of
#   nftables, iproute2           what the demo and the tests look with, from outside, for what was left behind
wanted=(gcc libc6-dev zlib1g-dev libssl3 ca-certificates libseccomp2 libisal2 busybox-static nftables iproute2)

# What only the tests want, after the word --tests:
#   libisal-dev                      a header to check our constants with
#   chromium                         what the registry's web page is looked at with
#   skopeo, podman, buildah          other people's clients of the registry
#   xz-utils, bzip2                  archives that ADD unpacks
#   git, openssh-client              repositories that builds add, and the agents and keys that they are lent
#   procps                           ps, which `suite top` hands its options to
#   strace                           ends a service at a chosen system call
#   qemu-system-x86, e2fsprogs       the virtual machine of tests/vm, and its disks
#   nbdkit                           a disk that forgets what was not flushed when its power is cut
#   checkpolicy                      a policy for SELinux, in the virtual machine
#   xfsprogs                         the other file system of devicemapper's devices
#   containerd, runc                 what suite-oci is used by, and what it takes the place of
#   crun                             beside runc, a runtime that pods ask for by name
#   zsh, fish                        the shells that completion is tried in, beside bash
#   containernetworking-plugins      the reference plugins of CNI, and iptables, which they call
tests=(libisal-dev chromium skopeo podman buildah xz-utils bzip2 git openssh-client procps strace zsh fish qemu-system-x86 e2fsprogs nbdkit checkpolicy xfsprogs containerd runc crun containernetworking-plugins iptables)
if [ "${1:-}" = --tests ]; then
  shift
  wanted+=("${tests[@]}")
fi

command -v dpkg-query >/dev/null || fail "this is not Debian: install the equivalents of ${wanted[*]} and run the next step by hand ('make build')."
missing=()
for package in "${wanted[@]}" "$@"; do
  [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing+=("$package")
done
[ ${#missing[@]} -gt 0 ] || exit 0

echo "deps: installing ${missing[*]}"
export DEBIAN_FRONTEND=noninteractive
log=$(mktemp)
trap 'rm -f "$log"' EXIT
install() { apt-get install -y -qq --no-install-recommends -o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=300 "${missing[@]}"; }
# The package lists may be old or absent: refresh them only when the first try needs it.
install >"$log" 2>&1 || { apt-get update -qq >>"$log" 2>&1 && install >>"$log" 2>&1; } || {
  cat "$log" >&2
  fail "could not install ${missing[*]}; the lines above are apt's."
}
