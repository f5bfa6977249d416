import { SetMetadata } from '@nestjs/common';

export const PUBLIC = 'cloudhero:public';
export const WRITES = 'cloudhero:writes';

/** A route that needs no key. */
export const Public = () => SetMetadata(PUBLIC, true);

/** A GET that changes something, or gives away the power to: not for keys that may only read. */
export const Writes = () => SetMetadata(WRITES, true);
