#!/usr/bin/env bash
# What the window tests need from the system: Chromium and a font with Chinese letters. Installs them where it may, else says so.
set -u
missing=()
command -v chromium >/dev/null 2>&1 || missing+=(chromium)
[ -n "$(find /usr/share/fonts -iname '*cjk*' -print -quit 2>/dev/null)" ] || missing+=(fonts-noto-cjk)
[ ${#missing[@]} -eq 0 ] && exit 0
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null 2>&1; then
  echo "Missing: ${missing[*]}. Install them (Debian: sudo apt-get install ${missing[*]}); window tests are skipped without Chromium."
  exit 0
fi
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq && apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
