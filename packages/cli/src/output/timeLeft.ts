import type { RunKey, Trial } from '@anneal/lab';

/** What is to be done: runs of one length, one after the other. */
export interface Work {
  readonly totalSteps: number;
  readonly stepsPerEpoch: number;
  readonly trials: readonly Pick<Trial, 'label' | 'backend'>[];
}

/** How fast a run goes, and what is left of the whole command. */
export interface Pace {
  /** Updates per second; undefined before the first are timed. */
  readonly speed: number | undefined;
  /** Undefined before that too. */
  readonly seconds: number | undefined;
}

/** Follows the updates of several runs: what a backend took is what its later runs will take. */
export function timeLeft({ totalSteps, trials }: Work): {
  took(timing: Pick<RunKey, 'backend'> & { readonly updates: number; readonly milliseconds: number }): void;
  after(row: Pick<RunKey, 'run' | 'backend'> & { readonly step: number }): Pace;
} {
  const timed = new Map<string, { readonly updates: number; readonly milliseconds: number }>();
  const secondsPerUpdate = (backend: string): number | undefined => {
    const one = timed.get(backend);
    return one === undefined || one.updates === 0 ? undefined : one.milliseconds / 1000 / one.updates;
  };
  return {
    took({ backend, updates, milliseconds }) {
      const before = timed.get(backend) ?? { updates: 0, milliseconds: 0 };
      timed.set(backend, {
        updates: before.updates + updates,
        milliseconds: before.milliseconds + milliseconds,
      });
    },
    after({ run, backend, step }) {
      const own = secondsPerUpdate(backend);
      if (own === undefined) return { speed: undefined, seconds: undefined };
      const at = trials.findIndex((trial) => trial.label === run && trial.backend === backend);
      const later = trials.slice(at + 1).map((trial) => (secondsPerUpdate(trial.backend) ?? own) * totalSteps);
      const seconds = (totalSteps - step - 1) * own + later.reduce((sum, one) => sum + one, 0);
      return { speed: 1 / own, seconds };
    },
  };
}
