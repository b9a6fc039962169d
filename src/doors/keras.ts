/**
 * @file The door `nabla/keras`: Keras on the engine that the main door puts together, whichever of the two is imported
 * first.
 */
import "../index.js";

export * from "../keras/index.js";
