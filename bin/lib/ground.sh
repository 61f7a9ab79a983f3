# shellcheck shell=bash
# What bin/run, bin/test, bin/prove and bin/lock stand on: words for people, a Python, and .venv with
# the locked packages. The caller has gone to the top folder and set `set -euo pipefail`.

VENV=.venv
PY=$VENV/bin/python
export DJANGO_SETTINGS_MODULE=project.settings PIP_DISABLE_PIP_VERSION_CHECK=1
# Without Python's own cache each of the many processes of a run would read all of Django's and our sources anew.
unset PYTHONPATH PYTHONHOME PYTHONDONTWRITEBYTECODE

say() { printf '%s\n' "$*"; }

die() {
  printf '%s\n' "$*" >&2
  exit 1
}

# forget_settings: what a person has set for their own Settle must not reach a trial, nor a trial their data.
forget_settings() {
  unset ALLOWED_HOSTS BASE_URL DATABASE_URL DEBUG DEFAULT_FROM_EMAIL EMAIL_HOST EMAIL_HOST_PASSWORD \
    EMAIL_HOST_USER EMAIL_PORT EMAIL_USE_SSL EMAIL_USE_TLS METRICS_TOKEN PORT PUSH_CONTACT PUSH_HOSTS SECRET_KEY SECRET_KEY_FALLBACKS SENDERS SERVICE_WORKER SETTLE_DATA \
    SETTLE_MODE SIGN_UP_OPEN TASKS_BACKEND TRUSTED_PROXY_COUNT
}

# step WORDS COMMAND...: says WORDS and runs the command. Its newest line shows on a terminal only; all
# of its lines show when it fails.
step() {
  local words=$1 log began=$SECONDS
  shift
  log=$(mktemp)
  say "$words"
  trap 'exit 130' INT # or bash forgets a Ctrl-C that the command did not end of
  if "$@" </dev/null 2>&1 | tee "$log" | newest_line; then
    trap - INT
    rm -f "$log"
    say "  done in $((SECONDS - began)) s"
  else
    cat "$log" >&2
    rm -f "$log"
    die "That failed; the lines above say why. Start again when it is mended: nothing is lost."
  fi
}

newest_line() {
  local line
  if [ ! -t 1 ]; then
    cat >/dev/null
    return
  fi
  while IFS= read -r line; do printf '\r\033[K  %.76s' "$line"; done
  printf '\r\033[K'
}

# --- Debian's packages ---------------------------------------------------------------------------

is_root() { [ "$(id -u)" = 0 ]; }

# lacking PACKAGE...: prints those that are not installed. Without dpkg it prints none: we cannot tell.
lacking() {
  local package state
  command -v dpkg-query >/dev/null || return 0
  for package in "$@"; do
    state=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null || true)
    [ "$state" = installed ] || printf '%s\n' "$package"
  done
}

# debian PACKAGE...: installs what is lacking when we are root; else says the one command and fails.
debian() {
  local missing
  mapfile -t missing < <(lacking "$@")
  [ ${#missing[@]} -gt 0 ] || return 0
  if ! is_root; then
    say "Debian packages are missing that this needs. Install them, then start again:" >&2
    say "  sudo apt-get install --no-install-recommends ${missing[*]}" >&2
    return 1
  fi
  step "Installing Debian's ${missing[*]}" apt_install "${missing[@]}"
}

apt_install() {
  apt-get -q update &&
    DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=120 install --no-install-recommends "$@"
}

# --- Python --------------------------------------------------------------------------------------

is_suitable() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; }

can_make_venv() { "$1" -c 'import ensurepip, venv' >/dev/null 2>&1; }

# Prints the Python to use: $PYTHON when it is set, else the newest we know, one that can make a venv first.
find_python() {
  local name found=
  if [ -n "${PYTHON:-}" ]; then
    is_suitable "$PYTHON" || die "PYTHON is '$PYTHON', which is not Python 3.11 or newer."
    printf '%s\n' "$PYTHON"
    return
  fi
  for name in python3.13 python3.12 python3.11 python3; do
    is_suitable "$name" || continue
    found=${found:-$name}
    if can_make_venv "$name"; then
      found=$name
      break
    fi
  done
  [ -n "$found" ] || die "Settle needs Python 3.11 or newer, and there is none on this machine's PATH.
On Debian: sudo apt-get install python3 python3-venv. Or name one: PYTHON=/path/to/python3.12 $0"
  printf '%s\n' "$found"
}

# The folder is kept while its Python runs, is new enough and is the one that $PYTHON asks for, if it does.
venv_is_good() {
  [ -x "$PY" ] && is_suitable "$PY" || return 1
  [ -z "${PYTHON:-}" ] || [ "$("$PYTHON" -VV)" = "$("$PY" -VV)" ]
}

make_venv() {
  local python version
  python=$(find_python)
  version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
  if ! can_make_venv "$python"; then
    debian "python$version-venv" || exit 1
    can_make_venv "$python" || die "$python cannot make virtual environments: its module ensurepip is missing."
  fi
  step "Making $VENV with Python $version" "$python" -m venv --clear "$VENV"
}

# --- The locked packages -------------------------------------------------------------------------

stamp_of() { { "$PY" -VV && cat "$@"; } | sha256sum | cut -d ' ' -f 1; }

is_installed() { [ "$(cat "$VENV/$1.stamp" 2>/dev/null)" = "$(stamp_of requirements.lock "$1")" ]; }

# environment LOCK: makes .venv hold what LOCK lists. The second time it only compares one stamp.
environment() {
  local lock=$1 turn=
  if command -v flock >/dev/null; then # two starts at once: the second waits for the first
    exec {turn}<requirements.lock
    flock "$turn"
  fi
  if ! venv_is_good; then make_venv; fi
  if ! is_installed "$lock"; then install_lock "$lock"; fi
  if [ -n "$turn" ]; then exec {turn}<&-; fi
}

install_lock() {
  local lock=$1
  "$PY" -m pip --version >/dev/null 2>&1 || make_venv # a first start that was cut short
  # http-ece, for the tests only, has no ready-built file; it is plain Python.
  step "Installing what $lock lists (half a minute or so)" "$PY" -m pip install --no-input --no-compile --only-binary :all: \
    --no-binary http-ece --require-hashes -r "$lock"
  stamp_of requirements.lock "$lock" >"$VENV/$lock.stamp"
}
