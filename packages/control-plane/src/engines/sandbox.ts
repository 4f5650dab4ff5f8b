// The engine on this machine: small replica sets, and routers of sharded clusters, that the sandbox process runs. Its admin door is HTTP on loopback with
// a bearer token; a PUT names the whole wish and may come any number of times.

import { z } from 'zod'
import type { Settings } from '../parts.ts'
import type { Engine } from './engine.ts'

const made = z.object({ members: z.array(z.object({ hostPort: z.string() })) })

/** Longest wait for what a drill asks of the sandbox, in milliseconds. */
const patienceMs = 15_000

export interface SandboxParts {
  readonly sandbox: NonNullable<Settings['sandbox']>
  readonly fetch: typeof fetch
}

export const sandboxEngine = ({ sandbox, fetch }: SandboxParts): Engine => {
  const ask = async (
    method: 'PUT' | 'DELETE' | 'POST',
    path: string,
    signal: AbortSignal,
    body?: object,
  ): Promise<Response> =>
    fetch(`${sandbox.url.replace(/\/$/, '')}${path}`, {
      method,
      headers: { authorization: `Bearer ${sandbox.token}`, ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
      signal,
    })

  const drill = async (path: string, body?: object): Promise<void> => {
    const response = await ask('POST', path, AbortSignal.timeout(patienceMs), body)
    if (!response.ok) throw await refused(response)
    await response.body?.cancel()
  }

  return {
    name: 'sandbox',
    ensure: async ({ id, name, setName, members, routers, paused, reach }, signal) => {
      if (reach.admin === null) throw new Error('a sandbox cluster has an administrator')
      const { user, password } = reach.admin
      const wish = { name, setName, members, routers, paused, admin: { user, password } }
      const response = await ask('PUT', pathOf(id), signal, wish)
      if (!response.ok) throw await refused(response)
      return made.parse(await response.json()).members.map(({ hostPort }) => hostPort.toLowerCase())
    },
    remove: async (clusterId, signal) => {
      const response = await ask('DELETE', pathOf(clusterId), signal)
      await response.body?.cancel()
      if (!response.ok && response.status !== 404) throw new Error(`the sandbox answers ${response.status}`)
    },
    drills: {
      kill: (clusterId, member) => drill(`${pathOf(clusterId)}/members/${member}/kill`, { abrupt: true }),
      revive: (clusterId, member) => drill(`${pathOf(clusterId)}/members/${member}/revive`),
      stepDown: (clusterId) => drill(`${pathOf(clusterId)}/stepDown`, { seconds: stepDownSeconds }),
      keep: () => drill('/keep'),
      restore: () => drill('/restore'),
    },
  }
}

/** Long enough that whoever stepped down is not elected at once, short enough for the next drill. */
const stepDownSeconds = 1

const pathOf = (clusterId: string): string => `/clusters/${encodeURIComponent(clusterId)}`

const refused = async (response: Response): Promise<Error> =>
  new Error(`the sandbox answers ${response.status}: ${(await response.text()).slice(0, 300)}`)
