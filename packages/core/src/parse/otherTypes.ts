/** What the classes and words of other libraries are called here, where their ends do not tell: in lower case without underscores. */
export const otherTypes = {
  cosineDecay:
    'cosineannealinglr cosineannealing cosinelrscheduler halfcosine cosinewithminlr warmupcosinedecayschedule',
  warmRestarts: 'sgdr sgdrschedule cosinedecayrestarts cosinewithrestarts',
  interpolate: 'piecewiseinterpolateschedule piecewiselinear',
  sequence: 'joinschedules chainedscheduler',
  stableDecay: 'wsd trapezoidal',
  sweep: 'lrfinder rangetest',
};
