import { type ChildProcess, fork } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { HomeHeld, type HomeLock, type HomeLockResult, type LockStyle, lockHome } from './home-lock.ts'

const styles: readonly LockStyle[] = process.platform === 'linux' ? ['abstract', 'file'] : ['file']

describe.each(styles)('a home locked by %s', (style) => {
  let home: string
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'postern-lock-'))
  })
  afterEach(() => rm(home, { recursive: true }))

  const take = async (): Promise<HomeLock> => {
    const result = await lockHome(home, {}, style)
    if ('heldBy' in result) throw new HomeHeld(home, result.heldBy)
    return result
  }

  test('is held by one; the next is told who, since when and where', async () => {
    const lock = await take()
    lock.tell({ url: 'http://127.0.0.1:8080' })
    const second = await lockHome(home, {}, style)
    expect(second).toEqual({
      heldBy: { pid: process.pid, started: expect.stringMatching(/^\d{4}-/), url: 'http://127.0.0.1:8080' },
    })
    await lock.release()
    await (await take()).release()
  })

  test('is one home by whatever path', async () => {
    const lock = await take()
    expect(await lockHome(join(home, '.', '..', home.split('/').at(-1) ?? ''), {}, style)).toHaveProperty('heldBy')
    await lock.release()
  })

  test('goes to exactly one of many who come at once', async () => {
    const results = await Promise.all(Array.from({ length: 10 }, () => lockHome(home, {}, style)))
    const winners = results.filter((result): result is HomeLock => 'release' in result)
    expect(winners).toHaveLength(1)
    for (const winner of winners) await winner.release()
  })

  test('goes to exactly one at a time of many who come, hold and go', async () => {
    let holding = 0
    let most = 0
    let held = 0
    const comeAndGo = async (): Promise<void> => {
      for (let time = 0; time < 20; time++) {
        const result = await lockHome(home, {}, style)
        if ('heldBy' in result) continue
        holding += 1
        held += 1
        most = Math.max(most, holding)
        await new Promise((resolve) => setImmediate(resolve))
        holding -= 1
        await result.release()
      }
    }
    await Promise.all(Array.from({ length: 8 }, comeAndGo))
    expect({ most, everHeld: held > 0 }).toEqual({ most: 1, everHeld: true })
  })

  test('is free again when its holder is killed, and then goes to exactly one', async () => {
    const holder = await startHolder(home, style)
    expect(await lockHome(home, {}, style)).toMatchObject({ heldBy: { pid: holder.pid } })
    await new Promise((resolve) => {
      holder.once('exit', resolve)
      holder.kill('SIGKILL')
    })
    const results: readonly HomeLockResult[] = await Promise.all(
      Array.from({ length: 5 }, () => lockHome(home, {}, style)),
    )
    const winners = results.filter((result): result is HomeLock => 'release' in result)
    expect(winners).toHaveLength(1)
    for (const winner of winners) await winner.release()
  })
})

test('the sentence for a person says who holds the home and what to do', () => {
  const heldBy = { pid: 12, started: '2026-01-02T03:04:05.678Z', url: 'http://127.0.0.1:8080' }
  expect(new HomeHeld('/home', heldBy).message).toBe(
    '/home is in use by process 12, started 2026-01-02T03:04:05.678Z, serving http://127.0.0.1:8080. Stop it first, or choose another home.',
  )
  expect(new HomeHeld('/home', { pid: null, started: null, url: null }).message).toBe(
    '/home is in use by another process. Stop it first, or choose another home.',
  )
})

const startHolder = (home: string, style: LockStyle): Promise<ChildProcess> =>
  new Promise((resolve) => {
    const child = fork(fileURLToPath(new URL('./holder.testing.ts', import.meta.url)), [home, style], {
      execArgv: ['--import', 'tsx'],
    })
    child.once('message', () => resolve(child))
  })
