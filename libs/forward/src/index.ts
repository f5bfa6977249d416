export { forwardRequest } from './forward-request';
export type { ForwardOptions } from './forward-request';
export { forwardUpgrade, readUpgradeBody, UpgradeBodyError } from './forward-upgrade';
export type { UpgradeOptions } from './forward-upgrade';
export { endToEndHeaders } from './headers';
export { answerUpgrade } from './raw-answer';
export { httpTarget } from './target';
export type { ForwardTarget } from './target';
export { tuneServer } from './tune-server';
