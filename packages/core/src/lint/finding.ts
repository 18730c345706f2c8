/** How bad a finding is: with an error the run is wrong, with a warning likely not what was meant; a note informs. */
export type Severity = 'error' | 'warning' | 'note';

/** What lint can find. */
export type FindingCode =
  | 'negative' // a value below 0
  | 'nonFinite' // NaN or Infinity
  | 'outOfRange' // momentum, beta1 or beta2 of 1 or more: an average that never forgets
  | 'firstUpdateZero'
  | 'peakHeldTwice'
  | 'endNotReached' // schedule(totalSteps) is not the end value
  | 'risesAfterEnd'
  | 'warmupTooLong'
  | 'phaseNeverStarts'
  | 'undeclaredJump'
  | 'patienceInUpdates' // a controller counts reports that come after every update
  | 'endHeld' // the end value is held for more than a tenth of the run
  | 'underflow' // above 0, yet 0 in the float32 of the framework
  | 'opaque'; // a bare function, into which lint cannot see

/** One thing that lint found. */
export interface Finding {
  readonly code: FindingCode;
  readonly severity: Severity;
  /** One sentence: what, where, and where there is one, the remedy. */
  readonly message: string;
  /** JSON pointer to the part concerned in what was given: `"/learningRate/schedule"`; `""` for the whole. */
  readonly path: string;
  /** The first step concerned. */
  readonly step?: number;
}
