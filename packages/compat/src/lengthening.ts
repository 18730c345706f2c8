import type { Kind } from '@anneal/core';
import { growth } from '@anneal/core/kinds';

/** What each cycle multiplies the length of the one before by; `why` says what the framework does with less than 1. */
export const lengthening = (why: string): Kind<number> => ({ ...growth, rule: `${growth.rule}: below 1 ${why}` });
