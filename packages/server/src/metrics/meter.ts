import { Counter, Histogram, type Registry } from '@prometheus-io/client'
import type { MeterLike } from 'sojourn/telemetry/opentelemetry'

export interface Measured {
  /** The attributes that it may have, by the library's names. */
  readonly attributes: readonly string[]
  readonly buckets?: readonly number[]
}

/**
 * A registry as the library's listeners want it: what they measure has the same names here as in an application that embeds
 * the library with OpenTelemetry, as Prometheus spells them. What is not in `measured` is refused, so that no label comes
 * along unseen.
 */
export function meterOf(registry: Registry, measured: { readonly [name: string]: Measured }): MeterLike {
  const described = (name: string, help: string, suffix: string) => {
    const known = measured[name]
    if (known === undefined) throw new Error(`${name} is no metric of this server`)
    const labelNames = known.attributes.map(spelt)
    const shape = { name: `${spelt(name)}_${suffix}`, help, labelNames, registers: [registry] }
    return { ...shape, ...(known.buckets && { buckets: [...known.buckets] }) }
  }
  return {
    createCounter(name, { description }) {
      const counter = new Counter(described(name, description, 'total'))
      return { add: (value, attributes) => counter.inc(labelsOf(attributes), value) }
    },
    createHistogram(name, { description }) {
      const histogram = new Histogram(described(name, description, 'seconds'))
      return { record: (value, attributes) => histogram.observe(labelsOf(attributes), value) }
    },
  }
}

function labelsOf(attributes: { readonly [key: string]: string }): { [label: string]: string } {
  const labels: { [label: string]: string } = {}
  for (const key in attributes) {
    const value = attributes[key]
    if (value !== undefined) labels[spelt(key)] = value
  }
  return labels
}

function spelt(name: string): string {
  return name.replaceAll('.', '_')
}
