#!/usr/bin/env bash
# From a Dockerfile to a running container and back to nothing, each step with its time. On folders and names of its own: a Suite that is
# installed on this machine is not touched, except that its ports 5000 and 8080 must be free.
set -euo pipefail
cd "$(dirname "$0")/.."

name=demo
home=$PWD/out/demo
export SUITE_RUN=/run/suite-$name
export PATH=$PWD/out/bin:$PATH
registry=127.0.0.1:5000
folders=(--root "$home/root" --config "$home/config" --instance "$name")

bold="" plain=""
[ ! -t 1 ] || { bold=$(tput bold 2>/dev/null || true) plain=$(tput sgr0 2>/dev/null || true); }
now() { date +%s%N; }
title() { printf '\n%s%s%s\n' "$bold" "$*" "$plain"; }
fail() { echo "demo: $*" >&2; exit 1; }

# Runs a command as a reader would type it, and says how long it took.
run() {
  printf '%s$ %s%s\n' "$bold" "$*" "$plain"
  local began; began=$(now)
  "$@"
  local took=$((($(now) - began) / 10000))
  printf '  %d.%02d ms\n' $((took / 100)) $((took % 100))
}

# Whatever carries this instance's name in the kernel, as tools that are not ours see it.
left() {
  grep -oE " [^ ]*(suite-$name|out/demo)[^ ]* " /proc/self/mountinfo | sed 's/^/mount /' || true
  find /sys/fs/cgroup -type d -name "$name" 2>/dev/null | sed 's/^/cgroup /' || true
  ip -o link show | grep -oE "^[0-9]+: ${name}[^:@]*" | sed 's/^[0-9]*: /link /' || true
  nft list tables 2>/dev/null | grep -E " $name\$" || true
  for cmdline in /proc/[0-9]*/cmdline; do
    { tr '\0' ' ' <"$cmdline" | grep -E "^[^ ]*/suite[^ ]* .*(suite-$name|$home)" | sed "s|^|process ${cmdline//[!0-9]/} |"; } 2>/dev/null || true
  done
}

finish() {
  local code=$?
  [ $code = 0 ] || { echo; echo "demo: a step failed; the services' logs are in $home/root/log"; suite down --all || suite down || true; }
  return 0
}

# What an earlier demo that was interrupted may have left running.
[ ! -S "$SUITE_RUN/runtime.sock" ] || suite down --all >/dev/null 2>&1 || true
trap finish EXIT
rm -rf "$home" && mkdir -p "$home/config" "$home/image/rootfs/bin" "$home/image/rootfs/www"

busybox=$(command -v /bin/busybox || command -v /usr/bin/busybox) || fail "busybox-static is missing: run 'make deps'"
cp "$busybox" "$home/image/rootfs/bin/busybox"
for command in sh echo httpd id cat ls ps sleep; do ln -s busybox "$home/image/rootfs/bin/$command"; done
echo "hello from a container" >"$home/image/rootfs/www/index.html"
cat >"$home/image/Dockerfile" <<'DOCKERFILE'
FROM scratch
COPY rootfs /
ENV PATH=/bin
CMD ["sh"]
DOCKERFILE

title "The four services"
run suite up "${folders[@]}"

title "1. An image from a Dockerfile, pushed to the registry"
run suite build -t busybox -t $registry/busybox "$home/image"
run suite push $registry/busybox

title "2. Removed here, and pulled back"
run suite rmi busybox $registry/busybox
run suite pull $registry/busybox
run suite tag $registry/busybox busybox
run suite images

title "3. A container that says hello"
run suite run --rm busybox echo "hello world"

title "4. A server with a published port and an address of its own"
run suite run -d --name web -p 8080:80 busybox httpd -f -v -h /www
address=$(suite inspect --format '{{.NetworkSettings.IPAddress}}' web)
# One HTTP request by bash's own sockets: busybox's static wget crashes where the C library wants to load a name service.
request() {
  exec 3<>"/dev/tcp/$1/$2" || return
  printf 'GET / HTTP/1.0\r\nHost: %s\r\n\r\n' "$1" >&3
  local answer; answer=$(timeout 2 cat <&3) || true
  exec 3<&-
  [[ $answer == "HTTP/1."*" 200 "* ]] && echo "${answer##*$'\r\n\r\n'}"
}
# The server listens a moment after it was started.
fetch() { for _ in $(seq 50); do request "$1" "$2" 2>/dev/null && return; sleep 0.02; done; fail "http://$1:$2/ does not answer"; }
run fetch 127.0.0.1 8080
run fetch "$address" 80

title "5. Looking at it, and taking it down"
run suite ps
run suite exec web id
run suite logs web
# httpd is process 1 of its namespace and has no handler for TERM: it is killed when the time is over.
run suite stop -t 1 web
run suite rm web

title "6. Nothing left"
run suite down --all
rest=$(left)
[ -z "$rest" ] || fail "still there after 'suite down --all':"$'\n'"$rest"
echo "no mount, network namespace, cgroup, link, nftables table or process of the demo"
rm -rf "$home"
rm -f "$SUITE_RUN"/*.lock
rmdir "$SUITE_RUN" 2>/dev/null || true
