#!/usr/bin/env bash
# What the tests need from the system: Chromium and a font with Chinese letters for the window, real servers for the connectors.
# Installs them where it may, else says so. No server is started here: the tests start their own, on ports of their own.
set -u
missing=()
need() { command -v "$1" >/dev/null 2>&1 || [ -n "$(compgen -G "${3:-/nowhere}")" ] || missing+=("$2"); }
need chromium chromium
[ -n "$(find /usr/share/fonts -iname '*cjk*' -print -quit 2>/dev/null)" ] || missing+=(fonts-noto-cjk)
need initdb postgresql '/usr/lib/postgresql/*/bin/initdb'
need mariadbd mariadb-server /usr/sbin/mariadbd
need redis-server redis-server
need sshd openssh-server /usr/sbin/sshd
need kcat kcat
need openssl openssl
[ ${#missing[@]} -eq 0 ] && exit 0
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null 2>&1; then
  echo "Missing: ${missing[*]}. Install them (Debian: sudo apt-get install ${missing[*]}); the tests that need them are skipped."
  exit 0
fi
export DEBIAN_FRONTEND=noninteractive
# Debian starts a server as soon as it is installed, and makes a cluster for PostgreSQL: neither is wanted.
policy=/usr/sbin/policy-rc.d
[ -e "$policy" ] || { printf '#!/bin/sh\nexit 101\n' >"$policy" && chmod +x "$policy" && trap 'rm -f "$policy"' EXIT; }
apt-get update -qq && apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
