// The built-ins the guest itself relies on, captured before a script can replace them.

/* oxlint-disable typescript/unbound-method -- uncurry gives each of them its `this` as first argument */
const uncurry = Function.prototype.bind.bind(Function.prototype.call);

export const { parse, stringify } = JSON;
export const { isArray } = Array;
export const { defineProperty, freeze, getOwnPropertyNames, keys, setPrototypeOf } = Object;
export const { apply, construct } = Reflect;
export const PromiseOf = Promise;
export const whenSettled = uncurry(Promise.prototype.then);
export const allOf = Promise.all.bind(Promise);
export const exec = uncurry(RegExp.prototype.exec);
export const split = uncurry(String.prototype.split);
export const replace = uncurry(String.prototype.replace);
export const toLower = uncurry(String.prototype.toLowerCase);
export const slice = uncurry(String.prototype.slice);
export const push = uncurry(Array.prototype.push);
export const join = uncurry(Array.prototype.join);
export const text = String;
export const escapeCharacter = encodeURIComponent;

/** Error classes by name: an answer that is a TypeError outside is one inside. */
export const errorClasses = {
  __proto__: null,
  Error,
  TypeError,
  RangeError,
  SyntaxError,
  ReferenceError,
  EvalError,
  URIError,
};
