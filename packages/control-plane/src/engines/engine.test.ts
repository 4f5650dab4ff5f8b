import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type EngineUnderTest, engineCases } from './engine.case.ts'
import type { Reach } from './engine.ts'
import { registeredEngine } from './registered.ts'
import { sandboxEngine } from './sandbox.ts'
import { type SandboxProcess, startSandbox } from './sandbox-process.testing.ts'

let sandbox: SandboxProcess

beforeAll(async () => {
  sandbox = await startSandbox()
})
afterAll(() => sandbox?.stop())

const admin = { user: '__postern', password: 'an administrator of the test', source: 'admin' }

const door = async (path: string, body?: object): Promise<void> => {
  const response = await fetch(`${sandbox.url}/clusters/${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${sandbox.token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body ?? {}),
  })
  expect(response.status).toBe(200)
}

const drills = (id: string): Pick<EngineUnderTest, 'stepDown' | 'kill' | 'revive'> => ({
  stepDown: () => door(`${id}/stepDown`, { seconds: 1, force: true }),
  kill: (member) => door(`${id}/members/${member}/kill`),
  revive: (member) => door(`${id}/members/${member}/revive`),
})

const freshId = (): string => randomBytes(12).toString('hex')

engineCases('sandbox', async () => {
  const id = freshId()
  const reach: Reach = { hosts: [], admin, monitor: null, tls: null }
  return {
    engine: sandboxEngine({ sandbox, fetch }),
    id,
    setName: 'atlas-abc123-shard-0',
    members: 3,
    reach,
    ...drills(id),
    close: async () => {},
  }
})

// The set that it finds is one of the sandbox's, reached from one seed alone, as an owner's own would be.
engineCases('registered', async () => {
  const id = freshId()
  const owner = sandboxEngine({ sandbox, fetch })
  const signal = AbortSignal.timeout(20_000)
  const bare: Reach = { hosts: [], admin, monitor: null, tls: null }
  const hosts = await owner.ensure(
    { id, name: 'own', setName: 'own-set', members: 3, routers: false, paused: false, reach: bare },
    signal,
  )
  return {
    engine: registeredEngine(),
    id,
    setName: 'own-set',
    members: 3,
    reach: { ...bare, hosts: hosts.slice(0, 1) },
    ...drills(id),
    close: () => owner.remove(id, AbortSignal.timeout(20_000)),
  }
})

describe('the sandbox engine', () => {
  test('says what the sandbox refused', async () => {
    const engine = sandboxEngine({ sandbox, fetch })
    const wish = {
      id: freshId(),
      name: 'x',
      setName: 'x',
      members: 9,
      routers: false,
      paused: false,
      reach: { hosts: [], admin, monitor: null, tls: null },
    }
    await expect(engine.ensure(wish, AbortSignal.timeout(5000))).rejects.toThrow(/answers 400.*members/)
  })

  test('does not get in with a wrong token', async () => {
    const engine = sandboxEngine({ sandbox: { url: sandbox.url, token: 'not the token of this one' }, fetch })
    await expect(engine.remove(freshId(), AbortSignal.timeout(5000))).rejects.toThrow(/401/)
  })
})
