import { unprocessable } from './do.error';

const NAME = /^[a-zA-Z0-9_\-:]{1,255}$/;

/** Letters, digits, colons, dashes and underscores. @throws DoError 422 */
export function checkTagName(name: string): void {
  if (!NAME.test(name))
    throw unprocessable(
      'Tag name may only contain letters, numbers, colons, dashes, and underscores, and at most 255 of them.',
    );
}
