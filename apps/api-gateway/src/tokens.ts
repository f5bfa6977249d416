/** The parsed configuration (`ApiGatewayConfig`). */
export const CONFIG = Symbol('config');
/** The process's logger. */
export const LOGGER = Symbol('logger');
