import type { Recipe } from './recipe';

export const haproxy: Recipe = {
  name: 'haproxy',
  apt: ['haproxy', 'curl'],
  services: ['haproxy'],
  // The service as it comes listens on nothing, so a second instance has to show that it serves.
  check: `folder=$(mktemp -d)
trap 'kill "$(cat "$folder/pid")"; rm -rf "$folder"' EXIT
printf '%s\\n' 'defaults' ' mode http' ' timeout connect 5s' ' timeout client 5s' ' timeout server 5s' \\
  'frontend check' " bind unix@$folder/socket" ' http-request return status 200 content-type text/plain string 42' >"$folder/cfg"
haproxy -D -q -p "$folder/pid" -f "$folder/cfg"
curl --silent --fail --max-time 10 --unix-socket "$folder/socket" http://check/ | grep -x 42
haproxy -v`,
};
