/** Injection tokens of things that have no class of their own. */
export const LOGGER = Symbol('logger');
export const CONFIG = Symbol('config');
