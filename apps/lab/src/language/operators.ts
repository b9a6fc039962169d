/** @file What operators mean for the type checker: the declarations of the helper that typed cells call. */

/** The name of the helper in typed cells. */
export const helper = "$nabla";

/**
 * `any` stays `any`, as an operator on it may be one on tensors. Unions give unions, so a function of
 * `number | Tensor` gives `number | Tensor`.
 */
export const operatorDeclarations = `
import type { Operand, Tensor } from "nabla";

type IsAny<T> = 0 extends 1 & T ? true : false;
type List = readonly (number | boolean | List)[];
type Arithmetic = number | bigint | Operand | List;
type Single<A> = IsAny<A> extends true ? any : A extends Operand ? Tensor : A extends bigint ? bigint : number;
type Result<A, B> =
  IsAny<A> extends true ? (IsAny<B> extends true ? any : B extends Operand ? Tensor : any)
  : A extends Operand ? Tensor
  : Single<B> extends infer R ? (A extends bigint ? bigint : R) : never;

interface Operator { <A extends Arithmetic, B extends Arithmetic>(a: A, b: B): Result<A, B> }
interface Comparison {
  <A extends Arithmetic, B extends Arithmetic>(a: A, b: B): boolean;
  (a: string, b: string): boolean;
  (a: Date, b: Date): boolean;
}

declare global {
  const ${helper}: {
    add: {
      <A extends Arithmetic, B extends Arithmetic>(a: A, b: B): Result<A, B>;
      (a: string, b: unknown): string;
      (a: unknown, b: string): string;
    };
    sub: Operator; mul: Operator; div: Operator; pow: Operator; mod: Operator;
    neg<A extends Arithmetic>(a: A): Single<A>;
    lt: Comparison; le: Comparison; gt: Comparison; ge: Comparison;
  };
  /** Shows a value in the output of the cell; the handle's \`update\` shows another in its place. */
  const display: import("nabla/notebook").Display;
}
`;
