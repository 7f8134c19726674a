#!/usr/bin/env bash
# Installs what `make build` published, or takes it away again with --remove. PREFIX and DESTDIR as everywhere.
set -euo pipefail
cd "$(dirname "$0")/.."

bin=${DESTDIR:-}${PREFIX:-/usr/local}/bin
# One folder for all: the services find the shim beside themselves.
lib=${DESTDIR:-}${PREFIX:-/usr/local}/lib/suite
doc=${DESTDIR:-}${PREFIX:-/usr/local}/share/doc/suite
units=${DESTDIR:-}/etc/systemd/system
config=${DESTDIR:-}/etc/suite

if [ "${1:-}" = --remove ]; then
  if [ -z "${DESTDIR:-}" ] && [ -d /run/systemd/system ]; then
    systemctl disable --now suite-{runtime,image,network,registry}.service 2>/dev/null || true
  fi
  rm -f "$bin/suite" "$bin/suite-oci" "$units"/suite-{runtime,image,network,registry}.service
  rm -rf "$lib" "$doc"
  [ -n "${DESTDIR:-}" ] || ! [ -d /run/systemd/system ] || systemctl daemon-reload
  echo "removed; configuration in $config and state in /var/lib/suite stay"
  exit 0
fi

install -d "$bin" "$lib" "$doc" "$units"
install -d -m 0755 "$config" "$config/conf.d"
for file in out/bin/{suite,suite-node,suite-registry,suite-shim,suite-oci,*.so}; do install -m 0755 "$file" "$lib"; done
# Names of one file, as in out/bin: its pages are then in memory once for the three.
for service in runtime image network; do ln -f "$lib/suite-node" "$lib/suite-$service"; done
ln -sf "${PREFIX:-/usr/local}/lib/suite/suite" "$bin/suite"
ln -sf "${PREFIX:-/usr/local}/lib/suite/suite-oci" "$bin/suite-oci"
install -m 0644 README.md LICENSE "$doc"
for unit in deploy/systemd/*.service; do
  sed "s|@LIB@|${PREFIX:-/usr/local}/lib/suite|g; s|@DOC@|${PREFIX:-/usr/local}/share/doc/suite|g" "$unit" >"$units/$(basename "$unit")"
done
# A file that the administrator may have changed is never overwritten.
for file in deploy/config/*.json; do
  [ -e "$config/$(basename "$file")" ] || install -m 0644 "$file" "$config"
done
echo "installed to $lib; start with: systemctl daemon-reload && systemctl enable --now suite-registry suite-image suite-network suite-runtime"
