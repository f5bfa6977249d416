/** The parts that DigitalOcean's operations work with, as `DoParts`. */
export const DO_PARTS = Symbol('DO_PARTS');
