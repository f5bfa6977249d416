/** A copy of plain data; several times faster than structuredClone. */
export const copy = (value) => JSON.parse(JSON.stringify(value));
