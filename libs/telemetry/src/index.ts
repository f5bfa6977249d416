export { serveHealth } from './health-server';
export { createLogger } from './logger';
export type { Logger } from './logger';
export { NestLogger } from './nest-logger';
