/**
 * @file The door `nabla/testing`, on the engine that the main door puts together.
 */
import "../index.js";

export * from "../testing/index.js";
