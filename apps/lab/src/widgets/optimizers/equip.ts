/** @file Each walker's optimizer: Keras's own. */
import { type Optimizer, optimizers } from "nabla/keras";

const { Adagrad, Adam, Adamax, Lion, RMSprop, SGD } = optimizers;

const makers: Readonly<Record<string, (rate: number) => Optimizer>> = {
  sgd: (rate) => new SGD(rate),
  momentum: (rate) => new SGD(rate, { momentum: 0.9 }),
  nesterov: (rate) => new SGD(rate, { momentum: 0.9, nesterov: true }),
  adagrad: (rate) => new Adagrad(rate),
  rmsprop: (rate) => new RMSprop(rate),
  adam: (rate) => new Adam(rate),
  adamax: (rate) => new Adamax(rate),
  lion: (rate) => new Lion(rate),
};

/** A new optimizer for the walker of a name. */
export function equip(name: string, rate: number): Optimizer {
  if (!Object.hasOwn(makers, name)) throw new RangeError(`there is no optimizer ${name}`);
  return makers[name]!(rate);
}
