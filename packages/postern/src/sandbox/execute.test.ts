// What becomes of a write that was under way when the primary changed, or when the disk failed.
import { ObjectId, serialize } from 'bson'
import { pino } from 'pino'
import { expect, test, vi } from 'vitest'
import { Client } from './client.ts'
import { Command } from './command.ts'
import { Cursors } from './cursors.ts'
import { DataSet } from './data-set.ts'
import { type CommandTable, execute } from './execute.ts'
import { type ChangeStore, ReplicaSet } from './replica-set.ts'

const log = pino({ level: 'silent' })
const member = {
  index: 0,
  host: 'a:1',
  processId: new ObjectId(),
  cursors: new Cursors(Date.now),
  connections: () => 1,
  sessions: () => [],
}

function setOver(store: Partial<ChangeStore> = {}) {
  const data = new DataSet()
  const storage: ChangeStore = {
    data,
    commit: (change) => data.apply(change),
    flushed: async () => undefined,
    ...store,
  }
  const onFailure = vi.fn()
  return {
    set: new ReplicaSet({
      setName: 'rs0',
      routers: false,
      hidden: new Set<number>(),
      hosts: ['a:1', 'b:1', 'c:1'],
      setVersion: 1,
      storage,
      log,
      now: Date.now,
      onFailure,
    }),
    onFailure,
  }
}

function commandOf(document: Record<string, unknown>): Command {
  const body = serialize({ ...document, $db: 'app' })
  return new Command({ requestId: 1, via: 'msg', moreToCome: false, exhaustAllowed: false, body, sequences: [] })
}

test('a write under way at a step-down may count or not: the reply says try again', async () => {
  const { set } = setOver()
  const stepDownMeanwhile = () => {
    set.stepDown({ seconds: 1, force: false })
    return { ok: 1 }
  }
  const table: CommandTable = new Map([['write', { needs: 'nothing', at: 'primary', run: stepDownMeanwhile }]])
  const run = (document: Record<string, unknown>) =>
    execute(table, { set, member, client: new Client(1, 'x'), command: commandOf(document), log })
  const interrupted = await run({ write: 1, txnNumber: 1 })
  expect(interrupted).toMatchObject({
    ok: 0,
    code: 11602,
    errorLabels: ['RetryableWriteError'],
    topologyVersion: { processId: member.processId },
  })
  const refused = await run({ write: 1 })
  expect(refused).toMatchObject({ ok: 0, code: 10107, codeName: 'NotWritablePrimary' })
  expect(refused).not.toHaveProperty('errorLabels')
  set.close()
})

test('a disk that fails acknowledges nothing and stops the cluster', async () => {
  const { set, onFailure } = setOver({ flushed: () => Promise.reject(new Error('no space left')) })
  const table: CommandTable = new Map([['write', { needs: 'nothing', at: 'primary', run: () => ({ ok: 1 }) }]])
  const reply = await execute(table, { set, member, client: new Client(1, 'x'), command: commandOf({ write: 1 }), log })
  expect(reply).toMatchObject({ ok: 0, code: 1 })
  expect(onFailure).toHaveBeenCalled()
})
