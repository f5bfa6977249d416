import type { Recipe } from './recipe';

export const python: Recipe = {
  name: 'python',
  apt: ['python3', 'python3-pip', 'python3-venv'],
  check: `python3 -c 'import sys; print("Python", sys.version.split()[0], 6 * 7)' | grep -w 42
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder"
"$folder/bin/pip" --version`,
};
