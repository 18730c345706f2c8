/** Position of the cart in metres, its velocity, angle of the pole in radians from upright, its angular velocity. */
export type CartPoleState = readonly [position: number, velocity: number, angle: number, angularVelocity: number];

const gravity = 9.8;
const poleMass = 0.1;
const totalMass = 1 + poleMass;
const halfLength = 0.5;
const poleMoment = poleMass * halfLength;
const force = 10;
/** Seconds between two states. */
const interval = 0.02;
const furthest = 2.4;
const steepest = (12 * 2 * Math.PI) / 360;

/** An episode that lasts so many steps is over and solved. */
export const longest = 500;

/**
 * One step of the cart and its pole, pushed with 10 N to the right (action 1) or to the left (action 0), by Euler's method. The
 * numbers are those of Gymnasium's CartPole-v1.
 *
 * @source Barto, Sutton, Anderson 1983, Neuronlike Adaptive Elements That Can Solve Difficult Learning Control Problems; Florian 2007,
 *   Correct equations for the dynamics of the cart-pole system (without friction).
 */
export function pushed([position, velocity, angle, angularVelocity]: CartPoleState, action: number): CartPoleState {
  const cosine = Math.cos(angle);
  const sine = Math.sin(angle);
  const push = ((action === 1 ? force : -force) + poleMoment * (angularVelocity * angularVelocity) * sine) / totalMass;
  const angularAcceleration =
    (gravity * sine - cosine * push) / (halfLength * (4 / 3 - (poleMass * (cosine * cosine)) / totalMass));
  const acceleration = push - (poleMoment * angularAcceleration * cosine) / totalMass;
  return [
    position + interval * velocity,
    velocity + interval * acceleration,
    angle + interval * angularVelocity,
    angularVelocity + interval * angularAcceleration,
  ];
}

/** Whether the cart has left the track, or the pole leans by more than 12 degrees. */
export const hasFallen = ([position, , angle]: CartPoleState): boolean =>
  Math.abs(position) > furthest || Math.abs(angle) > steepest;
