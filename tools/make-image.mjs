import { writeFileSync } from 'node:fs';
import { makeImage } from './lib/demo-image.mjs';
import { main, say, UserError } from './lib/say.mjs';

// node tools/make-image.mjs FILE [NAME:TAG [COMMAND…]]: a small image for `docker load`.
main(async () => {
  const [file, name, ...cmd] = process.argv.slice(2);
  if (!file) throw new UserError('usage: node tools/make-image.mjs FILE [NAME:TAG [COMMAND…]]');
  writeFileSync(file, await makeImage({ name, cmd: cmd.length > 0 ? cmd : undefined }));
  say(file);
  return 0;
});
