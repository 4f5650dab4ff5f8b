// The control plane's routes of the edge, on a real port: snapshots by long poll, reports (transport: head of
// contract/src/snapshot.ts), questions about live connections, and certificates. It holds what a test publishes, says what the edge reported, and can die and come back.

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { EdgeAnswer, EdgeQuestion } from '@postern/contract/edge-question'
import {
  type EdgeReport,
  type Feed,
  type ReportedLists,
  reportListsHeader,
  type SentReport,
} from '@postern/contract/snapshot'

export interface FeedServer {
  readonly url: () => string
  /** The text that polls are answered with from now on; `mark` null sends it to everyone who asks. */
  readonly publish: (feed: Feed, json: string, mark: { readonly epoch: string; readonly n: number } | null) => void
  readonly publishNumbered: (
    feed: Feed,
    numbered: { readonly schema?: number; readonly epoch: string; readonly n: number; readonly body: unknown },
  ) => void
  /** Each with its lists, also where it came with what they are known by. */
  readonly reports: (feed: Feed) => readonly EdgeReport[]
  /** As they came. */
  readonly sent: (feed: Feed) => readonly SentReport[]
  /** From now on lists are known by this; null: it is of a release that knows of no such thing. */
  readonly knowListsBy: (by: string | null) => void
  /** The query of every poll, in order. */
  readonly polls: (feed: Feed) => readonly string[]
  /** What each poll said that its edge reads, each once. */
  readonly schemas: () => readonly string[]
  /** Of each poll, whether it takes changes. */
  readonly takesChanges: () => readonly boolean[]
  /** How requests for certificates are answered; 404 until told. */
  readonly issueWith: (issue: (endpointId: string, csr: string) => Promise<string> | string) => void
  /** The endpoint of every request for a certificate, in order. */
  readonly certificatesAsked: () => readonly string[]
  /** Asks the edge something; resolves with what it answers. */
  readonly ask: (question: Omit<EdgeQuestion, 'id'>) => Promise<EdgeAnswer>
  /** Every request is answered with this status; null: as usual. */
  readonly refuseWith: (status: number | null) => void
  /** Reports are heard and not accepted. */
  readonly refuseReports: (refused: boolean) => void
  /** Every request is sent on to this place. */
  readonly redirectTo: (location: string) => void
  /** Cuts all connections and frees the port. */
  readonly stop: () => Promise<void>
  /** Listens again on the same port. */
  readonly restart: () => Promise<void>
}

interface Published {
  readonly json: string
  readonly mark: { readonly epoch: string; readonly n: number } | null
}

export async function startFeedServer(options: { readonly token: string; readonly edge: string }): Promise<FeedServer> {
  const published = new Map<Feed, Published>()
  const reports: { readonly feed: Feed; readonly report: EdgeReport }[] = []
  const sent: { readonly feed: Feed; readonly report: SentReport }[] = []
  const lists = new Map<string, ReportedLists>()
  let listsBy: string | null = null
  const polls: { readonly feed: Feed; readonly query: string }[] = []
  let waiting: { readonly feed: Feed; readonly query: URLSearchParams; readonly response: ServerResponse }[] = []
  const questions = new Map<
    string,
    { readonly question: EdgeQuestion; readonly answered: (answer: EdgeAnswer) => void }
  >()
  let asked = 0
  let waitingForQuestions: ServerResponse[] = []
  const certificatesAsked: string[] = []
  const schemas = new Set<string>()
  const takesChanges: boolean[] = []
  let issue: ((endpointId: string, csr: string) => Promise<string> | string) | null = null
  let status: number | null = null
  let location: string | null = null
  let reportsRefused = false
  let server: Server
  let port = 0

  function news(feed: Feed, query: URLSearchParams): string | null {
    const latest = published.get(feed)
    if (!latest) return null
    const same = latest.mark && query.get('epoch') === latest.mark.epoch
    return latest.mark && same && Number(query.get('after')) >= latest.mark.n ? null : latest.json
  }

  function answerWaiting(): void {
    waiting = waiting.filter(({ feed, query, response }) => {
      const json = news(feed, query)
      if (json !== null) response.writeHead(200, { 'content-type': 'application/json' }).end(json)
      return json === null
    })
  }

  function handOutQuestions(): void {
    if (questions.size === 0) return
    const body = JSON.stringify({ questions: [...questions.values()].map(({ question }) => question) })
    for (const response of waitingForQuestions.splice(0)) response.writeHead(200).end(body)
  }

  async function takeAnswer(id: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    questions.get(id)?.answered(JSON.parse(Buffer.concat(chunks).toString()) as EdgeAnswer)
    response.writeHead(questions.delete(id) ? 204 : 404).end()
  }

  function wholeOf({ lists: by, ...rest }: Extract<SentReport, { lists: string }>): EdgeReport | null {
    const known = by === listsBy ? lists.get(by) : undefined
    return known === undefined ? null : { ...rest, ...known }
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://feed')
    const [, kind, feed] =
      new RegExp(`^/api/postern/v1/edges/${options.edge}/(snapshots|reports)/(gateway|dns|forwarder)$`).exec(
        url.pathname,
      ) ?? []
    const [, answerTo] = /\/questions\/(\w+)\/answer$/.exec(url.pathname) ?? []
    if (location !== null) response.writeHead(307, { location }).end()
    else if (status !== null) response.writeHead(status).end()
    else if (request.headers.authorization !== `Bearer ${options.token}`) response.writeHead(401).end()
    else if (kind === 'snapshots' && request.method === 'GET') {
      polls.push({ feed: feed as Feed, query: url.search })
      schemas.add(String(request.headers['postern-snapshot-schemas']))
      takesChanges.push(request.headers['postern-snapshot-changes'] === '1')
      waiting.push({ feed: feed as Feed, query: url.searchParams, response })
      answerWaiting()
    } else if (kind === 'reports' && request.method === 'POST') {
      const chunks: Buffer[] = []
      for await (const chunk of request) chunks.push(chunk as Buffer)
      const report = JSON.parse(Buffer.concat(chunks).toString()) as SentReport
      sent.push({ feed: feed as Feed, report })
      const whole = 'lists' in report ? wholeOf(report) : report
      if (whole === null) response.writeHead(listsBy === null ? 400 : 409).end()
      else {
        reports.push({ feed: feed as Feed, report: whole })
        if (reportsRefused) response.writeHead(503).end()
        else if (listsBy === null) response.writeHead(204).end()
        else {
          const { bound, failed, trusts } = whole
          lists.set(listsBy, { bound, failed, ...(trusts !== undefined && { trusts }) })
          response.writeHead(204, { [reportListsHeader]: listsBy }).end()
        }
      }
    } else if (url.pathname === `/api/postern/v1/edges/${options.edge}/questions`) {
      waitingForQuestions.push(response)
      handOutQuestions()
    } else if (answerTo !== undefined) {
      await takeAnswer(answerTo, request, response)
    } else if (url.pathname === `/api/postern/v1/edges/${options.edge}/certificates` && issue !== null) {
      const chunks: Buffer[] = []
      for await (const chunk of request) chunks.push(chunk as Buffer)
      const { endpointId, csr } = JSON.parse(Buffer.concat(chunks).toString()) as Record<string, string>
      certificatesAsked.push(endpointId ?? '')
      const chain = await issue(endpointId ?? '', csr ?? '')
      response.writeHead(201, { 'content-type': 'application/json' }).end(JSON.stringify({ endpointId, chain }))
    } else response.writeHead(404).end()
  }

  async function listen(): Promise<void> {
    server = createServer((request, response) => void handle(request, response))
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', resolve))
    port = (server.address() as AddressInfo).port
  }

  const publish: FeedServer['publish'] = (feed, json, mark) => {
    published.set(feed, { json, mark })
    answerWaiting()
  }

  await listen()
  return {
    url: () => `http://127.0.0.1:${port}`,
    publish,
    publishNumbered: (feed, numbered) => publish(feed, JSON.stringify(numbered), numbered),
    reports: (feed) => reports.filter((each) => each.feed === feed).map(({ report }) => report),
    sent: (feed) => sent.filter((each) => each.feed === feed).map(({ report }) => report),
    knowListsBy(by) {
      listsBy = by
    },
    polls: (feed) => polls.filter((each) => each.feed === feed).map(({ query }) => query),
    schemas: () => [...schemas],
    takesChanges: () => takesChanges,
    issueWith(given) {
      issue = given
    },
    certificatesAsked: () => certificatesAsked,
    ask: (question) =>
      new Promise((answered) => {
        asked += 1
        questions.set(`q${asked}`, { question: { id: `q${asked}`, ...question }, answered })
        handOutQuestions()
      }),
    refuseWith(given) {
      status = given
    },
    refuseReports(refused) {
      reportsRefused = refused
    },
    redirectTo(given) {
      location = given
    },
    async stop() {
      waiting = []
      waitingForQuestions = []
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      server.closeAllConnections()
      await closed
    },
    restart: listen,
  }
}
