// The edges as the control plane knows them: heard of, up to date, able to serve. Pure.

import { isIP } from 'node:net'
import { type Finding, finding } from '@postern/contract/diagnosis'
import { type Feed, feeds, listenersVariable } from '@postern/contract/snapshot'
import { type VersionStanding, version, versionStanding } from '@postern/contract/version'
import { hasReported } from '../edge/reports.ts'
import { isSilent } from '../private-endpoint/acknowledged.ts'
import type { Facts } from './facts.ts'

/** A snapshot this young may still be on its way. */
const graceMs = 30_000

const words = { gateway: 'gateway', dns: 'DNS server', forwarder: 'forwarder' } as const satisfies Record<Feed, string>

/** A revoked edge is sent nothing: what it said last is no trouble of anybody. */
const standing = (reports: Facts['reports']): Facts['reports'] => reports.filter(({ revoked }) => revoked === undefined)

export const edgesHeard = ({ reports: all, now }: Facts): Finding => {
  const [reports, revoked] = [standing(all), all.filter(({ revoked }) => revoked !== undefined)]
  const out = [...new Set(revoked.map(({ edge }) => edge))].join(', ')
  if (out !== '' && !reports.some(({ feed }) => feed === 'gateway')) {
    return finding('edges-heard', 'FAILED', `No gateway is left: edge ${out} was revoked.`, {
      why: 'A gateway that was revoked is sent nothing and ends its connections; no other serves these endpoints.',
      whatToDo: 'Enrol another gateway, and start it with the token.',
      command: 'postern edges enrol gateway-2',
    })
  }
  const gone = feeds.filter((feed) => {
    const all = reports.filter((report) => report.feed === feed)
    // Only the gateway must be: a cloud of its own needs no forwarder, and a zone may be served elsewhere.
    return all.length === 0 ? feed === 'gateway' : all.every((report) => isSilent(report, now))
  })
  if (gone.length > 0) {
    const since = gone.map((feed) => {
      const seen = reports.filter((report) => report.feed === feed).map((report) => report.seen)
      const when = seen.length === 0 ? 'ever' : `since ${new Date(Math.max(...seen)).toISOString()}`
      return `Nothing was heard of any ${words[feed]} ${when}.`
    })
    return finding('edges-heard', 'FAILED', since.join(' '), {
      why: 'Without an edge nobody listens where connection strings lead, and no change reaches anybody.',
      whatToDo: 'Start the edge again, with the URL and the token of this control plane; its log says why it ended.',
      command: 'postern edge',
    })
  }
  const silent = [...new Set(reports.filter((report) => isSilent(report, now)).map(({ edge }) => edge))]
  if (silent.length === 0) return finding('edges-heard', 'OK', 'Every edge was heard of within a minute.')
  return finding(
    'edges-heard',
    'WARNING',
    `Nothing was heard of edge ${silent.join(', ')} for a minute; others serve.`,
    {
      why: 'What is deleted is not gone before every edge has let go of it.',
      whatToDo: 'Start it again, or make the control plane forget it if it is gone for good.',
      command: silent.map((edge) => `postern edges forget ${edge}`).join(' && '),
    },
  )
}

export const edgesCurrent = ({ reports, published, now }: Facts): Finding => {
  const late = standing(reports).filter((report) => {
    const newest = published.find(({ feed }) => feed === report.feed)
    if (newest === undefined || isSilent(report, now) || now - newest.at < graceMs) return false
    return report.epoch !== newest.epoch || report.n < newest.n
  })
  if (late.length === 0) return finding('edges-current', 'OK', 'Every edge holds the newest snapshot.')
  const which = late.map(({ edge, feed, n }) => `the ${words[feed]} of edge ${edge} holds number ${n}`).join(', ')
  return finding('edges-current', 'FAILED', `An older snapshot is served: ${which}.`, {
    why: 'Endpoints that were made or deleted since are unknown there.',
    whatToDo: "Read the edge's log: it says why it refuses a newer snapshot or cannot fetch one.",
  })
}

export const edgesRelease = ({ reports, now }: Facts): Finding => {
  const told = standing(reports)
    .filter((report) => !isSilent(report, now) && hasReported(report))
    .map(({ edge, version: own = null }) => ({ edge, own, is: versionStanding(own, version) }))
  const named = (which: VersionStanding): string =>
    [
      ...new Set(told.flatMap(({ edge, own, is }) => (is === which ? [`${edge} (${own ?? 'it tells none'})`] : []))),
    ].join(', ')
  const [older, newer] = [named('OLDER'), named('NEWER')]
  if (older === '' && newer === '') return finding('edges-release', 'OK', `Every edge runs version ${version}.`)
  const found = [
    `The control plane runs version ${version}.`,
    ...(older === '' ? [] : [`Older: edge ${older}.`]),
    ...(newer === '' ? [] : [`Newer: edge ${newer}.`]),
  ]
  return finding('edges-release', 'WARNING', found.join(' '), {
    why: 'An edge that is one release older or newer goes on serving; one that is further away may be sent nothing it can read, and then keeps what it has.',
    whatToDo:
      newer === ''
        ? `Upgrade those edges to ${version}, one gateway after the other.`
        : 'Upgrade every control plane first, then the edges, one gateway after the other.',
  })
}

const ofOthers = 'something in that file serves nobody; who owns the edge is told what'

/** What is of other projects is told to who owns the edge alone: its reasons name their addresses and endpoints. */
export const edgesServe = (facts: Facts): Finding => {
  const { reports, now, about, endpoints, everyEndpoint, clusters, ownEdges, atGateways } = facts
  const isLinkOf = (all: Facts['endpoints'], id: string): boolean =>
    all.some((each) => [each.id, ...each.linkIds].some((link) => id === link || id.startsWith(`${link}:`)))
  const inScope = (feed: Feed, id: string): boolean =>
    about === 'INSTALLATION' || feed === 'gateway' || isLinkOf(endpoints, id)
  const isShown = (edge: string, id: string): boolean =>
    ownEdges.has(edge) || id === listenersVariable || atGateways.has(id) || isLinkOf(everyEndpoint, id)
  const failures = standing(reports)
    .filter((report) => !isSilent(report, now))
    .flatMap(({ edge, feed, failed }) =>
      [...failed]
        .filter(([id]) => inScope(feed, id) && isShown(edge, id))
        .map(([id, reason]) => ({
          ...{ edge, feed, id },
          reason: id === listenersVariable && !ownEdges.has(edge) ? ofOthers : reason,
        })),
    )
  const [first] = [...failures.filter(({ id }) => id !== listenersVariable), ...failures]
  if (first === undefined || (about !== 'INSTALLATION' && endpoints.length + clusters.length === 0)) {
    return finding('edges-serve', 'OK', 'Every listener of this project that an edge was told of is served.')
  }
  const more = failures.length > 1 ? ` (and ${failures.length - 1} more)` : ''
  if (first.id === listenersVariable) {
    return finding('edges-serve', 'WARNING', `${listenersVariable} of edge ${first.edge}: ${first.reason}${more}.`, {
      why: 'Who comes by what is wrong there is served by nobody, or as the file said before; all else is served.',
      whatToDo: 'Mend the file that this variable of the edge names; it is looked at again every five seconds.',
    })
  }
  const found = `The ${words[first.feed]} of edge ${first.edge} cannot serve ${first.id}: ${first.reason}${more}.`
  return finding('edges-serve', about === 'INSTALLATION' || first.feed !== 'gateway' ? 'FAILED' : 'WARNING', found, {
    why: 'Whoever dials that port is refused, or reaches another program.',
    whatToDo: 'Free the address or port that the reason names; the edge tries again by itself.',
  })
}

/** A balancer has a few addresses; a whole network of them is taken for a mistake. */
const widestPrefix = { 4: 24, 6: 64 } as const

/** As with a file of listeners: whoever does not own the edge is told that, and not which. */
export const edgesBelieve = ({ reports, now, ownEdges }: Facts): Finding => {
  const wide = standing(reports)
    .filter((report) => !isSilent(report, now))
    .flatMap(({ edge, trusts = [] }) => {
      const ranges = trusts.filter(isWide)
      if (ranges.length === 0 || ownEdges.has(edge)) return ranges.map((range) => `${range} (edge ${edge})`)
      return [`some that edge ${edge} has (who owns it is told which)`]
    })
  if (wide.length === 0)
    return finding('edges-believe', 'OK', 'No gateway believes PROXY headers from more than a balancer’s addresses.')
  return finding('edges-believe', 'WARNING', `PROXY headers are believed from whole networks: ${wide.join(', ')}.`, {
    why: 'Whoever has an address there can say that they came through any endpoint, and from wherever they like.',
    whatToDo:
      'Name the addresses of the balancer alone, in POSTERN_TRUSTED_PROXIES or for one endpoint service in POSTERN_GATEWAY_LISTENERS.',
  })
}

const isWide = (range: string): boolean => {
  const [address = '', prefix] = range.split('/')
  const family = isIP(address)
  if (family === 0 || prefix === undefined || isLoopbackRange(address, Number(prefix))) return false
  return Number(prefix) < widestPrefix[family === 6 ? 6 : 4]
}

const isLoopbackRange = (address: string, prefix: number): boolean => address.startsWith('127.') && prefix >= 8
