export const LOGGER = Symbol('LOGGER');
/** The engine's host as `DockerHost`, or undefined where every machine is virtual. */
export const MACHINE_HOST = Symbol('MACHINE_HOST');
/** The sandbox's networks, as `NetworkPlan`. */
export const NETWORK_PLAN = Symbol('NETWORK_PLAN');
