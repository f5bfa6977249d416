/** Injection tokens of what is no class of ours. */
export const LOGGER = Symbol('logger');
export const STOPPING = Symbol('stopping');
