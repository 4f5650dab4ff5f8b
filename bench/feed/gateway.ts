// A gateway as far as its feed goes: it holds a number, takes changes of it and waits for the next, and throws the bytes
// away, because taking a whole apart would be measured too.

import { Agent, request } from 'node:http'
import { snapshotSchemas, snapshotSchemasHeader } from '../../packages/contract/src/snapshot.ts'
import { snapshotChangesForm, snapshotChangesHeader } from '../../packages/contract/src/snapshot-change.ts'

export interface Mark {
  readonly epoch: string
  readonly n: number
}

export interface Gateway {
  /** Resolves once what is newer than the last is here to its last byte, with its size. */
  readonly next: () => Promise<{ readonly bytes: number }>
  readonly close: () => void
}

/** `name`: the edge's; `authorization`: what edges show. */
export function createGateway(
  baseUrl: string,
  { name, authorization }: Record<'name' | 'authorization', string>,
): Gateway {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const headers = {
    authorization,
    [snapshotSchemasHeader]: snapshotSchemas.join(', '),
    [snapshotChangesHeader]: snapshotChangesForm,
  }
  let held: Mark | null = null

  const ask = (): Promise<{ readonly bytes: number } | null> =>
    new Promise((resolve, reject) => {
      const query = held === null ? '' : `?epoch=${held.epoch}&after=${held.n}`
      const asking = request(`${baseUrl}/api/postern/v1/edges/${name}/snapshots/gateway${query}`, { agent, headers })
      asking.on('error', reject)
      asking.on('response', (response) => {
        let bytes = 0
        let head = ''
        response.on('data', (chunk: Buffer) => {
          if (bytes === 0) head = chunk.subarray(0, 200).toString('latin1')
          bytes += chunk.length
        })
        response.on('error', reject)
        response.on('end', () => {
          if (response.statusCode === 204) return resolve(null)
          const [, epoch, n] = /"epoch":"(\w+)","n":(\d+)/.exec(head) ?? []
          if (response.statusCode !== 200 || epoch === undefined)
            return reject(new Error(`a gateway was answered ${response.statusCode}: ${head}`))
          held = { epoch, n: Number(n) }
          resolve({ bytes })
        })
      })
      asking.end()
    })

  return {
    next: async () => {
      for (;;) {
        const whole = await ask()
        if (whole !== null) return whole
      }
    },
    close: () => agent.destroy(),
  }
}
