import type { Schedule } from '@anneal/core';
import type { Task } from './task.ts';

/** Everything that can train a task, ours among them. */
export interface Peer {
  readonly name: string;
  /** Makes `steps` more updates, each on a fresh batch, and returns the loss of each. */
  train(steps: number): Promise<ArrayLike<number>>;
  close(): Promise<void>;
}

/** The settings that all share. */
export interface Settings {
  readonly optimizer: 'sgd' | 'adam';
  readonly rate: Schedule;
}

/** ε of Adam: tfjs's default, and every other peer can be told. */
export const epsilon = 1e-7;

export type OpenPeer = (task: Task, settings: Settings) => Promise<Peer>;
