// The answerer against a real HTTP server that plays the control plane's two routes.

import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { EdgeAnswer, EdgeQuestion } from '@postern/contract/edge-question'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Clock, systemClock } from './clock.ts'
import { type Answerer, createAnswerer } from './questions.ts'
import { eventually } from './testing/eventually.ts'
import { type FeedServer, startFeedServer } from './testing/feed-server.ts'
import { createKeptLog, type KeptLog } from './testing/kept-log.ts'
import { createManualClock } from './testing/manual-clock.ts'

const token = 'edge-token-that-must-not-be-logged'
const where = {
  endpointIds: ['endpoint-1'],
  serviceIds: ['service-1'],
  clusterId: null,
  appName: null,
  connectionId: null,
}
const question = { do: 'list', where, from: 0, limit: 10 } as const
const answer: EdgeAnswer = { count: 7, connections: [] }

let server: FeedServer
let kept: KeptLog
let answerers: Answerer[]
let open: { close(): unknown }[]
let heard: EdgeQuestion[]

beforeEach(async () => {
  server = await startFeedServer({ token, edge: 'edge-a' })
  kept = createKeptLog()
  answerers = []
  open = []
  heard = []
})

afterEach(async () => {
  for (const answerer of answerers) await answerer.close()
  for (const thing of open) await thing.close()
  await server.stop().catch(() => undefined)
})

function start({ clock = systemClock, url = server.url() }: { clock?: Clock; url?: string } = {}): Answerer {
  const answerer = createAnswerer({
    baseUrl: url,
    edge: 'edge-a',
    token,
    fetch,
    clock,
    random: () => 0,
    log: kept.log,
    answer: (asked) => {
      heard.push(asked)
      return answer
    },
  })
  answerers.push(answerer)
  return answerer
}

test('a question that waits is answered, and one that comes while the edge waits', async () => {
  const waiting = server.ask(question)
  start()
  expect(await waiting).toEqual(answer)
  expect(await server.ask({ ...question, do: 'kill' })).toEqual(answer)
  expect(heard).toEqual([
    { ...question, id: 'q1' },
    { ...question, id: 'q2', do: 'kill' },
  ])
  expect(kept.text()).toBe('')
})

test('a control plane that is away is two lines of the log, and is asked again', async () => {
  await server.stop()
  start()
  await eventually(() => expect(kept.sentences()).toHaveLength(1))
  await server.restart()
  expect(await server.ask(question)).toEqual(answer)
  await eventually(() => expect(kept.sentences()).toHaveLength(2))
  expect(kept.sentences()).toEqual([
    expect.stringContaining('questions about live connections are not answered'),
    expect.stringContaining('over: '),
  ])
  expect(kept.text()).not.toContain(token)
})

async function answering(respond: RequestListener): Promise<{ readonly url: string; readonly asked: () => number }> {
  let asked = 0
  const other = createServer((request, response) => {
    asked += 1
    respond(request, response)
  })
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
  open.push({
    close: () => {
      other.closeAllConnections()
      other.close()
    },
  })
  return { url: `http://127.0.0.1:${(other.address() as AddressInfo).port}`, asked: () => asked }
}

test.each([
  { says: 'no JSON', body: 'x' },
  { says: 'no list', body: '{}' },
  { says: 'another verb', body: JSON.stringify({ questions: [{ ...question, id: 'q', do: 'dance' }] }) },
  {
    says: 'a filter that is none',
    body: JSON.stringify({ questions: [{ ...question, id: 'q', where: { ...where, appName: 7 } }] }),
  },
  {
    says: 'a negative position',
    body: JSON.stringify({ questions: [{ ...question, id: 'q', from: -1 }] }),
  },
])('$says is not answered', async ({ body }) => {
  const clock = createManualClock()
  const { url } = await answering((_, response) => response.writeHead(200).end(body))
  start({ clock, url })
  const refused = expect.stringContaining('questions about live connections are not answered')
  await eventually(() => expect(kept.sentences()).toEqual([refused]))
  expect(heard).toEqual([])
})

test('a server that does not wait is not asked again at once', async () => {
  const clock = createManualClock()
  const delays: number[] = []
  const after: Clock['after'] = (ms, work) => {
    delays.push(ms)
    return clock.after(ms, work)
  }
  const { url, asked } = await answering((_, response) => response.writeHead(204).end())
  start({ clock: { ...clock, after }, url })
  await eventually(() => expect(delays).toEqual([40_000, 125]))
  expect(asked()).toBe(1)
  clock.advance(125)
  await eventually(() => expect(asked()).toBe(2))
})

test('closing ends a poll that waits', async () => {
  const answerer = start()
  await server.ask(question)
  await answerer.close()
  expect(kept.text()).toBe('')
})
