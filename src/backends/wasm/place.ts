/**
 * @file Places of a program's arrays before their addresses are known.
 */
import type { Buffer } from "../../compile/program.js";

/** A part of a buffer, or of the scratch that all steps share. */
export type Place =
  | { readonly buffer: Buffer; readonly bytes: number }
  | { readonly buffer: null; readonly bytes: number };

export const placeIn = (buffer: Buffer, bytes = 0): Place => ({ buffer, bytes });
export const scratchAt = (bytes: number): Place => ({ buffer: null, bytes });
export const within = (place: Place, bytes: number): Place => ({ ...place, bytes: place.bytes + bytes });

/** Room after every array: it may be read a little beyond its end. */
const SLACK = 64;

/** Bytes that an array takes in scratch: whole cache lines, and slack. */
export const roomFor = (bytes: number): number => Math.ceil((bytes + SLACK) / 64) * 64;
