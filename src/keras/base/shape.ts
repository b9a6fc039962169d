/**
 * @file Shapes of things that are not there yet.
 */

/** A shape in which null stands for any size, first of all the batch's. */
export type LayerShape = readonly (number | null)[];
