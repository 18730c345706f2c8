/** Hyperparameters of one update, in float64. */
export interface Values {
  readonly learningRate: number;
  readonly momentum?: number;
  readonly beta1?: number;
  readonly beta2?: number;
}

/** One update of one weight in float64: weight, gradient and hyperparameters in, weight out; the state is inside. */
export type Reference = (weight: number, gradient: number, values: Values) => number;

// Written from the definitions that tfjs 4.22's classes follow; where these differ from the usual ones it is said.

export const sgd =
  (): Reference =>
  (w, g, { learningRate }) =>
    w - learningRate * g;

export function momentum(constant: number, nesterov: boolean): Reference {
  let velocity = 0;
  return (w, g, { learningRate, momentum: mu = constant }) => {
    velocity = mu * velocity + g;
    return w - learningRate * (nesterov ? g + mu * velocity : velocity);
  };
}

/** ε inside the root. */
export function adagrad(initial: number, epsilon: number): Reference {
  let sum = initial;
  return (w, g, { learningRate }) => {
    sum += g * g;
    return w - (learningRate * g) / Math.sqrt(sum + epsilon);
  };
}

/** The update divides by the root of the mean square before this gradient, unlike Zeiler 2012, algorithm 1. */
export function adadelta(rho: number, epsilon: number): Reference {
  let [grads, updates] = [0, 0];
  return (w, g, { learningRate }) => {
    const update = (Math.sqrt(updates + epsilon) / Math.sqrt(grads + epsilon)) * g;
    grads = rho * grads + (1 - rho) * g * g;
    updates = rho * updates + (1 - rho) * update * update;
    return w - learningRate * update;
  };
}

/** Bias correction by the product of the βs in force, ε outside the root and after the correction. */
export function adam(constant1: number, constant2: number, epsilon: number): Reference {
  let [m, v, product1, product2] = [0, 0, 1, 1];
  return (w, g, { learningRate, beta1 = constant1, beta2 = constant2 }) => {
    m = beta1 * m + (1 - beta1) * g;
    v = beta2 * v + (1 - beta2) * g * g;
    product1 *= beta1;
    product2 *= beta2;
    return w - (learningRate * (m / (1 - product1))) / (Math.sqrt(v / (1 - product2)) + epsilon);
  };
}

export function adamax(constant1: number, constant2: number, epsilon: number): Reference {
  let [m, norm, product] = [0, 0, 1];
  return (w, g, { learningRate, beta1 = constant1, beta2 = constant2 }) => {
    m = beta1 * m + (1 - beta1) * g;
    norm = Math.max(beta2 * norm, Math.abs(g));
    product *= beta1;
    return w - ((learningRate / (1 - product)) * m) / (norm + epsilon);
  };
}

/** The rate inside the momentum buffer, ε inside the root. */
export function rmsprop(decay: number, constant: number, epsilon: number): Reference {
  let [square, buffer] = [0, 0];
  return (w, g, { learningRate, momentum: mu = constant }) => {
    square = decay * square + (1 - decay) * g * g;
    buffer = mu * buffer + (learningRate * g) / Math.sqrt(square + epsilon);
    return w - buffer;
  };
}
