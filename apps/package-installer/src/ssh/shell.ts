/** `text` as one word of a POSIX shell. */
export function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

export interface RemoteFile {
  path: string;
  content: string;
  /** Octal; default 644. */
  mode?: string;
  /** Default root. */
  owner?: string;
}

/** Shell code that puts a file in place in one move, so that nobody ever sees half of it. */
export function writeFile({ path, content, mode = '644', owner = 'root' }: RemoteFile): string {
  const [at, as] = [quote(path), quote(owner)];
  const folder = quote(path.slice(0, path.lastIndexOf('/')));
  const encoded = Buffer.from(content).toString('base64');
  return `[ -d ${folder} ] || install -d -o ${as} -g ${as} ${folder}
install -m 600 -o ${as} -g ${as} /dev/null ${at}.new
base64 -d >${at}.new <<'END'
${encoded}
END
chmod ${mode} ${at}.new
mv ${at}.new ${at}`;
}
