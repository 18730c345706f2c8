import { metricDirection, mustBe } from '@anneal/core';

/** Whether a metric shall fall or rise; auto means what Keras finds by its name, and where that tells nothing it is refused. */
export function directionOf(subject: string, monitor: string, mode: 'auto' | 'min' | 'max'): 'min' | 'max' {
  if (mode === 'min' || mode === 'max') return mode;
  const rule = `"min" or "max" for the metric ${JSON.stringify(monitor)}, whose direction its name does not tell`;
  return (mode === 'auto' ? metricDirection(monitor) : undefined) ?? mustBe(subject, 'mode', rule, mode);
}
