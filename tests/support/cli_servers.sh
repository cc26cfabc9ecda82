# shellcheck shell=bash
# Sourced after cli.sh by tests that need servers. They listen on loopback and end with the script, by their own pids.

server_pids=()

stop_servers() {
  [ ${#server_pids[@]} -eq 0 ] || kill "${server_pids[@]}" 2>/dev/null
  wait "${server_pids[@]}" 2>/dev/null
}

# free_ports N prints so many ports of 127.0.0.1 that nothing listens on.
free_ports() {
  python3 -c '
import socket, sys
sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(int(sys.argv[1]))]
print(*(each.getsockname()[1] for each in sockets))' "$1"
}

# start_server PORT COMMAND… runs it in the background and waits until it answers on the port.
start_server() {
  local port=$1 log=$test_folder/server-$1.log
  shift
  "$@" >"$log" 2>&1 &
  server_pids+=($!)
  for _ in {1..200}; do
    if { : <"/dev/tcp/127.0.0.1/$port"; } 2>/dev/null; then return 0; fi
    sleep 0.05
  done
  fail "$1 does not answer on port $port: $(<"$log")"
}
