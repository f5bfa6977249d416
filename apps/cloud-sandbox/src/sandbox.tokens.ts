export const LOGGER = Symbol('LOGGER');
/** The engine's host as `DockerHost`, or undefined where every machine is virtual. */
export const MACHINE_HOST = Symbol('MACHINE_HOST');
