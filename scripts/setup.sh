#!/usr/bin/env bash
# Prepares a checkout: system libraries (apt, where it may), virtual environment, pinned packages, compiled core.
# Idempotent: what is up to date is left alone, so that a second call takes a second.
#   scripts/setup.sh [run|test]      run: what the program needs; test (default): the tools for tests and lint too
set -euo pipefail
cd "$(dirname "$0")/.."
level=${1:-test}

packages="python3 python3-venv python3-dev g++ make fonts-noto-cjk xvfb
  libegl1 libgl1 libxkbcommon0 libxkbcommon-x11-0 libdbus-1-3 libfontconfig1 libglib2.0-0
  libxcb-cursor0 libxcb-icccm4 libxcb-image0 libxcb-keysyms1 libxcb-randr0 libxcb-render-util0 libxcb-shape0 libxcb-xinerama0"
# mbpoll, nodejs, npm: software of other makers that the contract tests compare with
[ "$level" = test ] && packages="$packages postgresql mbpoll nodejs npm"

# scripts/sanitize.sh; without clang it skips the fuzzer
if [ "$level" = test ] && grep -q "^12" /etc/debian_version 2>/dev/null; then packages="$packages clang libclang-rt-14-dev"; fi

system_packages() {
  command -v dpkg-query >/dev/null 2>&1 || return 0   # not a Debian: the user brings the libraries
  local missing=() name
  for name in $packages; do
    dpkg-query -W -f='${Status}' "$name" 2>/dev/null | grep -q 'ok installed' && continue
    # a Python or compiler from elsewhere serves as well as Debian's
    case $name in
      python3|python3-venv|python3-dev) python3 -c 'import venv, ensurepip, sysconfig, os; assert os.path.exists(sysconfig.get_path("include") + "/Python.h")' 2>/dev/null && continue ;;
      g++) command -v g++ >/dev/null && continue ;;
      make) command -v make >/dev/null && continue ;;
      nodejs) command -v node >/dev/null && continue ;;
      npm) command -v npm >/dev/null && continue ;;
      postgresql) compgen -G "/usr/lib/postgresql/*/bin/initdb" >/dev/null && continue; command -v initdb >/dev/null && continue ;;
    esac
    missing+=("$name")
  done
  [ ${#missing[@]} -eq 0 ] && return 0
  local line="apt-get install -y --no-install-recommends ${missing[*]}"
  local as=""
  if [ "$(id -u)" -ne 0 ]; then
    if command -v sudo >/dev/null && sudo -n true 2>/dev/null; then as="sudo -n"; else
      echo "Haihe needs system packages that are missing. Run this line, then the same command again:" >&2
      echo "    sudo apt-get update && sudo $line" >&2
      exit 1
    fi
  fi
  echo "Installing system packages: ${missing[*]}"
  export DEBIAN_FRONTEND=noninteractive
  $as apt-get update -qq
  $as $line -qq >/dev/null
}

python_environment() {
  local python=${PYTHON:-python3}
  "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Haihe needs Python 3.11 or newer ($("$python" --version) found); set PYTHON=…" >&2; exit 1; }
  [ -x .venv/bin/python ] || "$python" -m venv .venv
  local stamp=.venv/.haihe-$level key
  key=$(cat pyproject.toml constraints.txt CMakeLists.txt $(find native -type f -not -path '*/tests/*' | sort) | sha256sum | cut -d' ' -f1)
  if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$key" ]; then return 0; fi
  local groups="--group build"
  [ "$level" = test ] && groups="$groups --group test --group lint --group bench"
  echo "Installing pinned packages into .venv"
  .venv/bin/python -m pip install -q --disable-pip-version-check "pip>=25.1" -c constraints.txt
  .venv/bin/python -m pip install -q --disable-pip-version-check -c constraints.txt $groups
  echo "Building the trend core"
  .venv/bin/python -m pip install -q --disable-pip-version-check -c constraints.txt --no-build-isolation -e .
  echo "$key" > "$stamp"
  [ "$level" = test ] && echo "$key" > .venv/.haihe-run
  return 0
}

# Servers of other makers for the contract tests, which say why they are skipped where this fails: no network, no npm
javascript_servers() {
  local lock folder
  command -v npm >/dev/null || return 0
  for lock in tests/servers_js/*/package-lock.json; do
    [ -f "$lock" ] || continue
    folder=$(dirname "$lock")
    cmp -s "$lock" "$folder/node_modules/.haihe-lock" && continue
    echo "Installing $folder"
    if npm ci --prefix "$folder" --omit=optional --ignore-scripts --no-audit --no-fund --loglevel=error >/dev/null; then
      cp "$lock" "$folder/node_modules/.haihe-lock"
    else
      echo "npm could not install $folder; tests against it will be skipped" >&2
    fi
  done
}

system_packages
python_environment
if [ "$level" = test ]; then javascript_servers; fi
