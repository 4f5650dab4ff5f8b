import { Socket } from 'node:net'
import type { GatewayMember } from '@postern/contract/snapshot'
import { expect, test } from 'vitest'
import { createSpread, dialAdmitted } from './spread.ts'
import { DialError } from './upstream.ts'

const members: readonly GatewayMember[] = ['a', 'b', 'c'].map((id) => ({ id, hostPort: `${id}:1` }))
const ids = (list: readonly GatewayMember[]): string => list.map(({ id }) => id).join('')
const onread = { buffer: Buffer.alloc(1), callback: () => true }

/** A gateway’s part that dials: whose name is in `away` refuses. */
function start(away: Set<string> = new Set()) {
  let now = 1_000_000
  const spread = createSpread(() => now)
  const tried: string[] = []
  const open = async (balances: readonly GatewayMember[] | null = members) => {
    const cluster = { cluster: { id: 'c', name: 'C', members, tls: null }, byId: new Map(), idByHostPort: new Map() }
    const [member] = members
    if (member === undefined) throw new Error('no member')
    const dial = async ({ hostPort }: { readonly hostPort: string }): Promise<Socket> => {
      tried.push(hostPort.charAt(0))
      if (away.has(hostPort.charAt(0))) throw new DialError('ECONNREFUSED', `${hostPort} is away`)
      return new Socket()
    }
    return dialAdmitted({ member, balances, cluster }, onread, { dial, spread, limits: { dialMs: 1 } })
  }
  return { spread, open, tried, passes: (ms: number) => (now += ms) }
}

test('each new connection goes where there are fewest', async () => {
  const { open } = start()
  const six = await Promise.all(Array.from({ length: 6 }, () => open()))
  expect(ids(six.map(({ member }) => member))).toBe('abcabc')
  six[1]?.over()
  six[4]?.over()
  expect([(await open()).member.id, (await open()).member.id, (await open()).member.id]).toEqual(['b', 'b', 'a'])
})

test('of those with as many, the one that waited longest', async () => {
  const { open } = start()
  const chosen: string[] = []
  for (let n = 0; n < 5; n++) {
    const { member, over } = await open()
    chosen.push(member.id)
    over()
  }
  expect(chosen.join('')).toBe('abcab')
})

test('one that cannot be dialled: the next one at once, and it is tried last for a while', async () => {
  const away = new Set(['a'])
  const { open, tried, passes } = start(away)
  const chosen = [(await open()).member.id, (await open()).member.id, (await open()).member.id]
  expect(chosen).toEqual(['b', 'c', 'b'])
  expect(tried.join('')).toBe('abcb')
  away.clear()
  passes(10_000)
  expect((await open()).member.id).toBe('a')
})

test('none that can: the reason of the last one', async () => {
  const { open } = start(new Set(['a', 'b', 'c']))
  await expect(open()).rejects.toThrow('c:1 is away')
})

test('a port of one member: that member, and no other', async () => {
  const { open } = start(new Set(['a']))
  await expect(open(null)).rejects.toThrow('a:1 is away')
})
