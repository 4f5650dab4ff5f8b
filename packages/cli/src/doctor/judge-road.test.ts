import { isNote, joinFindings } from '@postern/contract/diagnosis'
import { describe, expect, test } from 'vitest'
import type { Door } from './dial.ts'
import { judgeRoad, type RoadFacts } from './judge-road.ts'
import { exitCodeOf, plainReport } from './report.ts'
import { type Road, readRoad } from './road.ts'
import { answered, cut, dayMs, door, facts, line, member, now, places } from './road-facts.testing.ts'

const isFound = (status: string): boolean => status === 'FAILED' || status === 'WARNING'
const judged = async (more: Partial<RoadFacts>, option?: Partial<Road>) =>
  joinFindings(judgeRoad(await facts(more, option)))

const secured = (code: string | null, days = 90): Door['tls'] => ({ code, validTo: now + days * dayMs })

describe('what is found on a road', () => {
  test.each<{ says: string; more: Partial<RoadFacts>; option?: Partial<Road>; found: readonly [string, RegExp][] }>([
    { says: 'nothing on a sound one', more: {}, found: [] },
    {
      says: 'refused by the gateway: its own words, and when',
      more: { doors: [cut(0), cut(1), cut(2)], log: [line(0, {})] },
      found: [
        ['admitted', /refused 127\.0\.0\.1:50000 at 2026-01-01T.*AWS vpce-1 is not attached \(UNKNOWN_ENDPOINT\)/],
      ],
    },
    {
      says: 'without TLS where the endpoint speaks it',
      more: { doors: [cut(0)], log: [line(0, { code: 'TLS_FAILED', reason: 'the client speaks no TLS' })] },
      found: [['admitted', /speaks no TLS \(TLS_FAILED\)/]],
    },
    {
      says: 'a certificate that cannot be read: that, and not what the gateway says of it',
      more: {
        doors: [{ ...cut(0), tls: secured(null) }],
        unreadable: [{ option: 'tlsCertificateKeyFile', file: '/nope.pem', code: 'ENOENT' }],
        log: [line(0, { code: 'NO_CLIENT_CERTIFICATE', reason: 'the client showed no certificate' })],
      },
      option: { tls: true },
      found: [['tls', /^tlsCertificateKeyFile=\/nope\.pem cannot be read \(ENOENT\)\./]],
    },
    {
      says: 'cut, and no log at hand: both that it may be',
      more: { doors: [cut(0), cut(1), cut(2)] },
      found: [['admitted', /ended it without an answer/]],
    },
    {
      says: 'one member away by the log',
      more: {
        doors: [door(0), cut(1), door(2)],
        log: [line(1, { side: 'member', code: 'ECONNREFUSED', reason: 'refuses' })],
      },
      found: [['member-answers', /127\.1\.2\.3:1025 \(refuses\)/]],
    },
    {
      says: 'every member away by the log',
      more: {
        doors: [cut(0)],
        log: [line(0, { side: 'member', code: 'TIMEOUT', reason: 'late' })],
        signIn: { outcome: 'NO_ANSWER', error: 'x' },
      },
      found: [['member-answers', /1024 \(late\)/]],
    },
    {
      says: 'a port that the control plane gave out and nobody listens on: the edge',
      more: { doors: [door(0, { tcp: 'REFUSED', hello: null })], served: new Set(places) },
      found: [['edge-listens', /127\.1\.2\.3:1024/]],
    },
    {
      says: 'timed out',
      more: { doors: [door(0), door(1, { tcp: 'TIMED_OUT', hello: null })] },
      found: [['port-open', /1025: timed out/]],
    },
    {
      says: 'unroutable',
      more: { doors: [door(1, { tcp: 'UNROUTABLE', hello: null })] },
      found: [['port-open', /unroutable/]],
    },
    {
      says: 'a public answer',
      more: { hosts: [answered('pl-0', '203.0.113.9')] },
      found: [['private-answer', /pl-0 is 203\.0\.113\.9/]],
    },
    {
      says: 'no primary',
      more: { doors: [0, 1, 2].map((at) => door(at, { hello: member() })) },
      found: [['primary', /None/]],
    },
    {
      says: 'members that name themselves: nobody rewrites',
      more: {
        signIn: { outcome: 'NO_ANSWER', error: 'MongoServerSelectionError' },
        doors: [door(0, { hello: member({ primary: true, hosts: ['10.0.0.1:27017'] }) })],
      },
      found: [['advertised', /10\.0\.0\.1:27017/]],
    },
    {
      says: 'a pool that keeps connections longer than a cloud does',
      more: {},
      option: { maxIdleTimeMs: 600_000 },
      found: [['idle-time', /maxIdleTimeMS is 600000/]],
    },
    { says: 'nothing where it lets go of them in time', more: {}, option: { maxIdleTimeMs: 240_000 }, found: [] },
    {
      says: 'an SRV name whose hosts are of another domain: a driver takes none',
      more: { srv: { name: 'c.one.test', hosts: ['m.two.test:1024'], code: null, txt: '' } },
      found: [['srv-resolves', /m\.two\.test:1024, outside of one\.test/]],
    },
    {
      says: 'load balanced mode at a port of one member',
      more: { doors: [door(0, { hello: member({ mismatch: 'Cluster C has no load balanced mode' }) })] },
      option: { loadBalanced: true, setName: null },
      found: [['load-balanced', /127\.1\.2\.3:1024: Cluster C has no load balanced mode\./]],
    },
    {
      says: 'no load balanced mode where the port is for it',
      more: { doors: [door(0, { hello: member({ mismatch: 'does not have load balancing enabled' }) })] },
      option: { setName: null },
      found: [['load-balanced', /does not have load balancing enabled/]],
    },
    {
      says: 'load balanced mode where nobody balances',
      more: { doors: [door(0, { hello: member({ setName: null, router: true, hosts: [] }) })] },
      option: { loadBalanced: true, setName: null },
      found: [['load-balanced', /no load balancer/]],
    },
    {
      says: 'load balanced mode and several hosts',
      more: {
        doors: [0, 1].map((at) => door(at, { hello: member({ router: true, hosts: [], hasServiceId: true }) })),
      },
      option: { loadBalanced: true, setName: null },
      found: [['load-balanced', /several hosts/]],
    },
    {
      says: 'nothing where a load balanced string meets its port',
      more: { doors: [door(0, { hello: member({ router: true, hosts: [], hasServiceId: true }) })] },
      option: { loadBalanced: true, setName: null },
      found: [],
    },
    {
      says: 'refused by the gateway with an alert: its own words, and nothing of TLS',
      more: {
        doors: [door(0, { tls: secured('ERR_SSL_TLSV1_ALERT_ACCESS_DENIED'), hello: null })],
        log: [line(0, { code: 'NOT_ON_ACCESS_LIST', reason: '192.0.2.7 is not on the list' })],
      },
      option: { tls: true },
      found: [['admitted', /192\.0\.2\.7 is not on the list \(NOT_ON_ACCESS_LIST\)/]],
    },
    {
      says: 'the same alert, and no log at hand',
      more: { doors: [door(0, { tls: secured('ERR_SSL_TLSV1_ALERT_ACCESS_DENIED'), hello: null })] },
      option: { tls: true },
      found: [['tls', /did not come about/]],
    },
    {
      says: 'an expired certificate',
      more: { doors: [door(0, { tls: secured('CERT_HAS_EXPIRED'), hello: null })] },
      option: { tls: true },
      found: [['tls', /out of its time/]],
    },
    {
      says: 'a certificate of another name',
      more: { doors: [door(0, { tls: secured('ERR_TLS_CERT_ALTNAME_INVALID'), hello: null })] },
      option: { tls: true },
      found: [['tls', /for another name/]],
    },
    {
      says: 'an authority that is not trusted',
      more: {
        doors: [door(0, { tls: secured('UNABLE_TO_VERIFY_LEAF_SIGNATURE'), hello: null })],
        homeCaFile: '/h/ca.pem',
      },
      option: { tls: true },
      found: [['tls', /not trusted here/]],
    },
    {
      says: 'a certificate that ends in a week: a warning',
      more: { doors: [door(0, { tls: secured(null, 7) })] },
      option: { tls: true },
      found: [['tls', /ends in 7 days/]],
    },
  ])('$says', async ({ more, option, found }) => {
    const told = (await judged(more, option)).filter(({ status }) => isFound(status))
    expect(told.map(({ id }) => id)).toEqual(found.map(([id]) => id))
    for (const [at, [, words]] of found.entries()) expect(told[at]?.found).toMatch(words)
  })

  test.each<{ says: string; more: Partial<RoadFacts> }>([
    { says: 'by its log', more: { log: [line(0, { code: 'TLS_FAILED' })] } },
    {
      says: 'by what it counted',
      more: { refused: { door: 'vpce-1', code: 'TLS_FAILED', last: 'now', lastConnection: null } },
    },
  ])('a string without TLS at an endpoint that speaks it ($says): what to write into it', async ({ more }) => {
    const whatToDo = async (option: Partial<Road>) =>
      (await judged({ doors: [cut(0)], ...more }, option)).find(({ id }) => id === 'admitted')?.whatToDo
    expect(await whatToDo({})).toMatch(/take its string anew, or add ssl=true and tlsCAFile/)
    expect(await whatToDo({ tls: true })).not.toContain('ssl=true')
  })

  test.each([
    { says: 'in a container', inContainer: true, words: /container itself/ },
    { says: 'away from where Postern runs', inContainer: false, words: /this machine itself/ },
  ])('$says a loopback address is named as such, not the edge', async ({ inContainer, words }) => {
    const doors = [door(0, { tcp: 'REFUSED', hello: null })]
    const found = (await judged({ doors, inContainer, besideEdge: false, served: new Set(places) })).filter(
      ({ status }) => status === 'FAILED',
    )
    expect(found.map(({ id }) => id)).toEqual(['port-open'])
    expect(found[0]?.why).toMatch(words)
  })

  test('one port of a host is shut and others are open: a rule lists single ports', async () => {
    const found = await judged({ doors: [door(0), door(1, { tcp: 'TIMED_OUT', hello: null })] })
    expect(found.find(({ status }) => status === 'FAILED')?.why).toMatch(/a rule lists single ports/)
  })
})

test('what every driver does unless told otherwise is a note', async () => {
  const noted = (await judged({})).filter(isNote).map(({ id }) => id)
  expect(noted).toEqual(['idle-time'])
})

describe('a string that cannot be read', () => {
  test.each([
    ['', /No connection string/],
    ['https://app:geheim@host', /begins with neither/],
    ['mongodb://app:gehe@im@host/', /%40/],
    ['mongodb://app:geheim%@host/', /%25/],
    ['mongodb://app:12/geheim@host/', /%2F/],
    ['mongodb://app:12?geheim@host/', /%3F/],
    ['mongodb://app:12#geheim@host/', /%23/],
    ['mongodb://app:12:geheim@host/', /%3A/],
    ['mongodb+srv://app:geheim@one,two/', /hosts or options/],
  ])('%j: what is wrong, and no part of the string', async (text, words) => {
    const read = await readRoad(text)
    const problem = 'problem' in read ? read.problem : ''
    expect(problem).toMatch(words)
    expect(problem).not.toMatch(/geh/)
  })
})

describe('exit codes', () => {
  test.each<{ says: string; more: Partial<RoadFacts>; code: number; last: string }>([
    {
      says: '0 where nothing is found',
      more: {},
      code: 0,
      last: 'x: 11 ok, nothing was found. A note is shown with --all.\n',
    },
    {
      says: '0 with a warning',
      more: { hosts: [answered('a', '8.8.8.8')] },
      code: 0,
      last: 'x: 10 ok, 1 warning. A note is shown with --all.\n',
    },
    {
      says: '1 with a failure',
      more: { signIn: { outcome: 'REFUSED', byPolicy: false } },
      code: 1,
      last: 'x: 10 ok, 1 failed. A note is shown with --all.\n',
    },
    {
      says: '2 where a check that matters could not be made',
      more: { signIn: { outcome: 'NO_ANSWER', error: 'MongoNetworkError' } },
      code: 2,
      last: 'x: 10 ok, 1 could not tell. A note is shown with --all.\n',
    },
  ])('$says', async ({ more, code, last }) => {
    const report = { subject: 'x', findings: await judged(more) }
    expect(exitCodeOf(report)).toBe(code)
    expect(plainReport(report, false)).toMatch(new RegExp(`${last}$`))
  })
})
