// The private endpoints that are concerned: accepted, or why not and what puts them right. Pure.

import { type Finding, finding } from '@postern/contract/diagnosis'
import { addressableTargets } from '@postern/contract/endpoint-service'
import type { ListedConsumer } from '../../providers/provider.ts'
import type { ServiceRow } from '../endpoint-service/row.ts'
import { age, isLong, lastTry } from './age.ts'
import type { Look } from './clouds.ts'
import type { EndpointFacts, Facts } from './facts.ts'
import { nameOf, nearTo, waitingFor } from './near.ts'
import { onEndpoint, remedyOf } from './remedy.ts'

export const endpointAccepted = (facts: Facts): Finding => {
  const { endpoints } = facts
  if (endpoints.length === 0) return finding('endpoint-accepted', 'NOT_APPLICABLE', 'No endpoint is concerned.')
  for (const judgement of [refused, leaving, waiting, opensNothing, noted, opensFewer]) {
    for (const endpoint of endpoints) {
      const found = judgement(facts, endpoint)
      if (found !== null) return found
    }
  }
  return finding('endpoint-accepted', 'OK', 'Every endpoint that is concerned is AVAILABLE.')
}

const mostNear = 3

const refused = (facts: Facts, endpoint: EndpointFacts): Finding | null => {
  if (endpoint.phase !== 'REFUSED' || endpoint.deleteRequested) return null
  const service = facts.everyService.find(({ id }) => id === endpoint.serviceId)
  if (service === undefined) return null
  const look = facts.looks.get(endpoint.id)
  const near = (look?.refs ?? []).map(({ cloudId }, at) =>
    look?.seen[at] === null || isStranger(look) ? nearTo(facts, service, cloudId) : [],
  )
  const names = [...new Set(near.flat())].slice(0, mostNear).map(({ cloudId }) => cloudId)
  const comesNear = names.length === 0 ? '' : ` What comes near: ${names.join(', ')}.`
  const found = `Private endpoint ${endpoint.cloudId} was refused: ${endpoint.errorMessage ?? 'no reason is known'}${comesNear}`
  return finding('endpoint-accepted', 'FAILED', found, {
    why: 'The gateway admits nobody through an endpoint that is not AVAILABLE.',
    ...remedyOf({
      endpoint,
      service,
      look,
      near,
      own: ownOf(facts, service, look),
      isLast: isLast(facts, endpoint) && facts.lastTakesService(endpoint),
    }),
  })
}

/** Rules that the endpoint names itself count with those that nobody has. */
const ownOf = (facts: Facts, service: ServiceRow, look: Look | undefined): readonly ListedConsumer[] => {
  const named = new Set(look?.refs.map(({ cloudId }) => cloudId.toLowerCase()))
  const made = (facts.consumers.get(service.provider) ?? []).filter(
    ({ cloudId, serviceId }) => serviceId === service.id && named.has(cloudId.toLowerCase()),
  )
  return [...made, ...waitingFor(facts, service)]
}

const isStranger = (look: Look | undefined): boolean =>
  look?.verdict?.fits === false && look.verdict.fault === 'stranger'

const isLast = ({ everyEndpoint }: Facts, { id, serviceId }: EndpointFacts): boolean =>
  everyEndpoint.every((other) => other.id === id || other.serviceId !== serviceId)

const leaving = ({ about, now, looks, failing }: Facts, endpoint: EndpointFacts): Finding | null => {
  const since = endpoint.terminated ?? endpoint.created
  if (!endpoint.deleteRequested || (about === 'INSTALLATION' && !isLong(since, now))) return null
  const edges = looks.get(endpoint.id)?.edges ?? null
  const found = `Private endpoint ${endpoint.cloudId} has been DELETING for ${age(since, now)}.${edges === null ? '' : ` It waits: ${edges.replace(/\.$/, '')}.`}${lastTry(failing.get(endpoint.id))}`
  return finding('endpoint-accepted', about === 'INSTALLATION' ? 'WARNING' : 'FAILED', found, {
    why: 'Its connections are ended and no new one is admitted.',
    whatToDo: endpoint.errorMessage ?? 'Use the string of another endpoint.',
  })
}

const waiting = (facts: Facts, endpoint: EndpointFacts): Finding | null => {
  const { about, now, failing } = facts
  const failure = failing.get(endpoint.id)
  if (!['REQUESTED', 'ACCEPTED'].includes(endpoint.phase) || endpoint.deleteRequested) return null
  if (failure === undefined && about === 'INSTALLATION' && !isLong(endpoint.created, now)) return null
  const found = `Private endpoint ${endpoint.cloudId} is not AVAILABLE after ${age(endpoint.created, now)}: ${waitsFor(facts, endpoint)}.${lastTry(failure)}`
  return finding('endpoint-accepted', 'WARNING', found, {
    why: 'Until then whoever dials it is refused.',
    whatToDo:
      endpoint.errorMessage ??
      (failure === undefined
        ? 'Wait for it.'
        : 'Nothing, if the cloud is only busy: it is tried again by itself. What lasts ends in a refusal, with the reason.'),
    command: onEndpoint(endpoint, 'watch'),
  })
}

const waitsFor = ({ looks, everyService, now }: Facts, { id, serviceId }: EndpointFacts): string => {
  const service = everyService.find((each) => each.id === serviceId)
  if (service?.status === 'INITIATING') return 'its service is not made yet'
  const look = looks.get(id)
  if (look === undefined) return 'it was not looked at'
  if (look.edges !== null) return look.edges.replace(/\.$/, '')
  if (look.seen.length === 0) return 'its cloud does not answer'
  if (look.seen.includes(null)) return 'its cloud does not show it yet'
  const readyAt = Math.max(...look.seen.map((one) => one?.readyAt ?? 0))
  if (look.seen.some((one) => one?.connection !== 'accepted'))
    return 'its cloud shows it, and it is about to be accepted'
  return readyAt > now
    ? `it is accepted, and its cloud connects it by ${new Date(readyAt).toISOString()}`
    : 'the edges are being told of it'
}

const opensNothing = ({ about, everyClusterName }: Facts, endpoint: EndpointFacts): Finding | null => {
  const { cloudId, deleteRequested } = endpoint
  const { clusters } = endpoint.policy
  if (clusters === null || deleteRequested || clusters.some((name) => everyClusterName.includes(name))) return null
  const named = clusters.length === 0 ? 'its policy names none' : `none is called ${clusters.join(' or ')}`
  const status = about === 'INSTALLATION' ? 'WARNING' : 'FAILED'
  return finding('endpoint-accepted', status, `Private endpoint ${cloudId} opens no cluster: ${named}.`, {
    why: 'Whoever dials it is refused. A name stays in a policy when its cluster is deleted: a new cluster of that name is opened.',
    whatToDo: 'Name the clusters that it is for, or "all"; delete it if it is for none.',
    command: onEndpoint(endpoint, 'update', ' --allowedCluster <clusterName>'),
  })
}

const opensFewer = ({ about, everyClusterName }: Facts, endpoint: EndpointFacts): Finding | null => {
  const { cloudId, deleteRequested, policy } = endpoint
  const gone = (policy.clusters ?? []).filter((name) => !everyClusterName.includes(name))
  // Of a cluster that was asked about, what else the endpoint would open is another matter.
  if (gone.length === 0 || deleteRequested || about === 'CLUSTER') return null
  const found = `The policy of private endpoint ${cloudId} names clusters that are not there: ${gone.join(', ')}.`
  return finding('endpoint-accepted', 'WARNING', found, {
    why: 'The others are opened. A name stays in a policy when its cluster is deleted: a new cluster of that name is opened, whoever makes it.',
    whatToDo: 'Name the clusters that it is for, all of them, without those that are gone.',
    command: onEndpoint(
      endpoint,
      'update',
      (policy.clusters ?? [])
        .filter((name) => everyClusterName.includes(name))
        .map((name) => ` --allowedCluster ${name}`)
        .join(''),
    ),
  })
}

const noted = (_: Facts, { cloudId, errorMessage, phase }: EndpointFacts): Finding | null =>
  errorMessage === null || phase !== 'AVAILABLE'
    ? null
    : finding('endpoint-accepted', 'WARNING', `Private endpoint ${cloudId}: ${errorMessage}`, {
        why: 'It is AVAILABLE, but not everywhere.',
        whatToDo: 'Do what the sentence says.',
      })

export const lastEndpoint = (facts: Facts): Finding => {
  const { about, endpoints, lastTakesService } = facts
  const [only] = about === 'ENDPOINT' ? endpoints : []
  if (only === undefined) return finding('last-endpoint', 'NOT_APPLICABLE', 'No one endpoint was asked about.')
  if (!isLast(facts, only)) return finding('last-endpoint', 'OK', 'Its service has other endpoints.')
  if (!lastTakesService(only)) return finding('last-endpoint', 'OK', 'Its service stays when it is deleted.')
  return finding(
    'last-endpoint',
    'OK',
    `It is the last endpoint of service ${only.serviceId}: deleted, it takes that along.`,
    {
      why: 'A service that is made anew has other names in its cloud, and every consumer must make its side anew.',
      whatToDo: 'To delete the endpoint alone, say so.',
      command: onEndpoint(only, 'delete', ' --keepService'),
    },
  )
}

/** Of so many endpoints the block is told. */
const mostBlocks = 5

export const portBlock = ({ serving }: Facts): Finding => {
  const blocks = serving.slice(0, mostBlocks).flatMap(blockOf)
  if (blocks.length === 0) return finding('port-block', 'NOT_APPLICABLE', 'No AVAILABLE endpoint is concerned.')
  const more = serving.length > mostBlocks ? `, and those of ${serving.length - mostBlocks} more endpoints` : ''
  return finding('port-block', 'OK', `Ports of the endpoints: ${blocks.join('; ')}${more}.`, {
    why: 'A member that joins gets the next port of the block: a rule for single ports shuts it out.',
    whatToDo: 'Where a firewall stands between, allow TCP to the whole block, not to the ports in use alone.',
  })
}

const blockOf = ({ cloudId, advertised, provider, form, targets }: EndpointFacts): readonly string[] => {
  if (advertised === null) return []
  const hostOf = (door: (typeof advertised.doors)[number]): string =>
    form === 'name' ? door.name : (door.hosts[0] ?? door.name)
  const inUse = `${targets.size} in use`
  if (advertised.by === 'doors') {
    const [first] = advertised.doors
    const ports = [...new Set(advertised.doors.map(({ firstPort }) => firstPort))].join(', ')
    return first === undefined
      ? []
      : [`${nameOf(cloudId)}: ${hostOf(first)} and ${advertised.doors.length - 1} more hosts, port ${ports} (${inUse})`]
  }
  return advertised.doors.map((door) => {
    const last = door.firstPort + Math.min(door.portCount, addressableTargets[provider]) - 1
    return `${nameOf(cloudId)}: ${hostOf(door)} ports ${door.firstPort}-${last} (${inUse})`
  })
}
