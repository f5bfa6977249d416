import type { Recipe } from './recipe';

export const java: Recipe = {
  name: 'java',
  apt: ['default-jdk-headless'],
  check: `folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo 'class Check { public static void main(String[] a) { System.out.println("Java " + System.getProperty("java.version") + " " + 6 * 7); } }' >Check.java
javac Check.java
java -cp . Check | grep -w 42`,
};
