import assert from 'node:assert/strict'
import { request } from 'node:http'

export interface Sample {
  readonly name: string
  readonly labels: { readonly [label: string]: string }
  readonly value: number
}

/** What Prometheus reads of a text; fails where it could not. */
export function readSamples(text: string): readonly Sample[] {
  return text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const [, name = '', labels = '', value = ''] =
        /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/.exec(line) ?? []
      assert.ok(name !== '' && value !== '', line)
      const read = [...labels.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, key = '', text = '']) => [
        key,
        text,
      ])
      return { name, labels: Object.fromEntries(read) as Sample['labels'], value: Number(value) }
    })
}

/** The value of the one sample of a name that has these labels. */
export function valueOf(
  samples: readonly Sample[],
  name: string,
  labels: Sample['labels'] = {},
): number | undefined {
  const found = samples.filter(
    (sample) =>
      sample.name === name &&
      Object.entries(labels).every(([label, value]) => sample.labels[label] === value),
  )
  assert.ok(found.length <= 1, `${name} ${JSON.stringify(labels)}: ${found.length}`)
  return found[0]?.value
}

/** Asks an address, saying that it is for a host. */
export function ask(port: number, path: string, { host = `localhost:${port}`, method = 'GET' } = {}) {
  return new Promise<{ readonly status: number; readonly text: string; readonly type: string }>(
    (resolve, reject) => {
      const asked = request(
        { host: '127.0.0.1', port, path, method, headers: { host }, agent: false },
        (answer) => {
          let text = ''
          answer.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
          answer.on('end', () =>
            resolve({ status: answer.statusCode ?? 0, text, type: answer.headers['content-type'] ?? '' }),
          )
        },
      )
      asked.on('error', reject).end()
    },
  )
}
