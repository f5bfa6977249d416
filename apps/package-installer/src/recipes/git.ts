import type { Recipe } from './recipe';

export const git: Recipe = {
  name: 'git',
  apt: ['git', 'ca-certificates'],
  check: `folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
git init --quiet .
echo 42 >answer
git add answer
git -c user.name=check -c user.email=check@localhost commit --quiet --message check
[ "$(git show HEAD:answer)" = 42 ]
git --version`,
};
