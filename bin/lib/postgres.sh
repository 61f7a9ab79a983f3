# shellcheck shell=bash
# A throwaway PostgreSQL server for bin/test and bin/prove: its own folder, a free loopback port, a password of
# its own, nothing kept. Only for trials: it does not wait for the disk.

POSTGRES_DIR=

# The newest server that Debian has installed, or one on the PATH.
postgres_program() {
  local found
  found=$(find /usr/lib/postgresql/*/bin -name "$1" 2>/dev/null | sort -V | tail -n 1)
  printf '%s\n' "${found:-$1}"
}

# PostgreSQL refuses to run as root; then Debian's user `postgres` runs it.
as_postgres() {
  local program
  program=$(postgres_program "$1")
  shift
  if is_root; then
    (cd "$POSTGRES_DIR" && runuser -u postgres -- "$program" "$@")
  else
    "$program" "$@"
  fi
}

# start_postgres: starts it and sets POSTGRES_URL; says why when that fails.
start_postgres() {
  local port password
  POSTGRES_DIR=$(mktemp -d)
  port=$("$PY" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
  password=$("$PY" -c 'import secrets; print(secrets.token_hex(16))')
  printf '%s\n' "$password" >"$POSTGRES_DIR/password"
  if is_root; then chown -R postgres: "$POSTGRES_DIR"; fi
  if ! launch_postgres "$port" >"$POSTGRES_DIR/said" 2>&1; then
    cat "$POSTGRES_DIR/said" >&2
    return 1
  fi
  POSTGRES_URL="postgresql://settle:$password@127.0.0.1:$port/postgres"
}

launch_postgres() {
  as_postgres initdb -D "$POSTGRES_DIR/data" -U settle -A scram-sha-256 --pwfile="$POSTGRES_DIR/password" \
    -E UTF8 --locale=C.UTF-8 --no-sync --no-instructions &&
    as_postgres pg_ctl -D "$POSTGRES_DIR/data" -l "$POSTGRES_DIR/log" -w \
      -o "-p $1 -k $POSTGRES_DIR -c listen_addresses=127.0.0.1 -F" start
}

# stop_postgres: ends it and removes its folder; may be called when it never started.
stop_postgres() {
  [ -n "$POSTGRES_DIR" ] || return 0
  as_postgres pg_ctl -D "$POSTGRES_DIR/data" -m immediate -w stop >/dev/null 2>&1 || true
  rm -rf "$POSTGRES_DIR"
  POSTGRES_DIR=
}
