/**
 * Bits of a node in a table. Exports and no object's members: a bundler then writes the numbers themselves, which
 * the compiler of the loops over nodes knows before it has seen each used.
 */

/** The node, or one below it, is an error. */
export const error = 1;
/** The parser made the node up. */
export const missing = 2;
// Marks that the walk leaves for itself on a node that it will visit later.
export const nests = 4;
export const nestsThinking = 8;
export const elseIf = 16;
export const chained = 32;
export const split = 64;
