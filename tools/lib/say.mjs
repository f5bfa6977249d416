const color = process.stdout.isTTY && !process.env.NO_COLOR;
const paint = (code) => (text) => (color ? `\x1b[${code}m${text}\x1b[0m` : text);

export const bold = paint(1);
export const dim = paint(2);
export const red = paint(31);
export const green = paint(32);
export const cyan = paint(36);

export const say = (text = '') => console.log(text);

/** A headline of what comes next. */
export const heading = (text) => say(`\n${bold(`== ${text}`)}`);

/** `12.3 s` or `840 ms`. */
export function duration(ms) {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}

/** Runs `work` and prints its name with the time that it took. */
export async function timed(name, work) {
  const started = performance.now();
  const result = await work();
  say(`   ${green('ok')} ${name} ${dim(duration(performance.now() - started))}`);
  return result;
}

/** Ends the process with a plain message instead of a stack trace; for errors people can act on. */
export class UserError extends Error {}

/** Runs a tool's main function; its result becomes the exit code. */
export function main(work) {
  work().then(
    (code) => process.exit(code ?? 0),
    (error) => {
      console.error(red(error instanceof UserError ? error.message : (error.stack ?? error)));
      process.exit(1);
    },
  );
}
