// The endpoint services that are concerned: made, with room, used; and what is left of those that are gone. Pure.

import { type Finding, finding } from '@postern/contract/diagnosis'
import type { ServiceRow } from '../endpoint-service/row.ts'
import { age, isLong, lastTry } from './age.ts'
import { consumerKey } from './clouds.ts'
import type { Facts } from './facts.ts'
import { nameOf, waitingFor } from './near.ts'
import { attachConsumer, createConsumer, onService, removeConsumer, setupHint } from './remedy.ts'
import type { Room } from './rooms.ts'

export const serviceMade = (facts: Facts): Finding => {
  const { services } = facts
  if (services.length === 0) return finding('service-made', 'NOT_APPLICABLE', 'No endpoint service is concerned.')
  const broken = services.find(({ status }) => status === 'FAILED')
  if (broken !== undefined) {
    const found = `Endpoint service ${broken.id} in ${broken.region} is FAILED: ${broken.errorMessage ?? 'no reason is known'}`
    return finding('service-made', 'FAILED', found, {
      why: 'No endpoint can be attached to it.',
      whatToDo: 'Put right what the reason names, then try it again.',
      command: onService(broken, 'retry'),
    })
  }
  return (
    services.map((each) => initiating(facts, each) ?? deleting(facts, each)).find((each) => each !== null) ??
    finding('service-made', 'OK', 'Every endpoint service that is concerned is made.')
  )
}

const initiating = (facts: Facts, service: ServiceRow): Finding | null => {
  const { now, about, failing } = facts
  const failure = failing.get(service.id)
  if (service.status !== 'INITIATING') return null
  if (failure === undefined && about === 'INSTALLATION' && !isLong(service.created, now)) return null
  const found = `Endpoint service ${service.id} in ${service.region} has been INITIATING for ${age(service.created, now)}.${lastTry(failure)}`
  return finding('service-made', 'WARNING', found, {
    why: 'Endpoints are accepted only when it is AVAILABLE.',
    whatToDo:
      failure === undefined
        ? 'Wait for it; if it takes longer than ten minutes, read the log of the control plane.'
        : 'Nothing, if the cloud is only busy: it is tried again by itself. What lasts becomes FAILED, with the reason.',
    command: onService(service, 'watch'),
  })
}

const deleting = ({ now, about, everyEndpoint, failing }: Facts, service: ServiceRow): Finding | null => {
  const since = service.terminated ?? service.created
  if (!service.deleteRequested || (about === 'INSTALLATION' && !isLong(since, now))) return null
  const holding = everyEndpoint.filter(({ serviceId }) => serviceId === service.id)
  const by =
    holding.length === 0
      ? ''
      : ` It waits for ${holding.map(({ cloudId, errorMessage }) => `${cloudId}${errorMessage === null ? '' : ` (${errorMessage})`}`).join(', ')}.`
  const found = `Endpoint service ${service.id} in ${service.region} has been DELETING for ${age(since, now)}.${by}${lastTry(failing.get(service.id))}`
  return finding('service-made', 'WARNING', found, {
    why: 'A service goes when its endpoints are gone, and those when every edge has let go of them.',
    whatToDo: holding.length === 0 ? 'Wait for it.' : 'Do what the sentence about the endpoint says, or wait for it.',
    command: onService(service, 'watch'),
  })
}

/** So many are named. */
const mostNamed = 5
/** A region that is this full is told. */
const nearlyFull = 0.9

const placesOf = ({ service, taken, limit }: Room): string =>
  `${service.provider} ${service.region}: ${taken} of ${limit} places are taken`

/** The fullest of them. */
const gauge = (rooms: readonly Room[]): string => {
  const fullestFirst = rooms.toSorted((one, other) => other.taken / other.limit - one.taken / one.limit)
  const more = rooms.length > mostNamed ? `; and ${rooms.length - mostNamed} more services` : ''
  return `${fullestFirst.slice(0, mostNamed).map(placesOf).join('; ')}${more}`
}

export const roomForMembers = ({ rooms }: Facts): Finding => {
  if (rooms.length === 0) return finding('room-for-members', 'NOT_APPLICABLE', 'No service has an AVAILABLE endpoint.')
  const crowded = rooms.find(
    ({ without, taken, limit, gatewayPortsLeft }) => without > 0 && (taken >= limit || gatewayPortsLeft === 0),
  )
  if (crowded !== undefined) {
    const { service, without, taken, limit } = crowded
    const reason = taken >= limit ? `all ${limit} places of the service are taken` : 'the gateway’s ports are used up'
    const found = `${without} members have no port behind endpoint service ${service.id} in ${service.region}: ${reason}.`
    return finding('room-for-members', 'FAILED', found, {
      why: 'No connection string leads to a member without a port.',
      whatToDo:
        taken >= limit
          ? 'Raise the limit where the cloud lets you, or move clusters to another project.'
          : 'Give the gateway more ports: POSTERN_GATEWAY_PORTS.',
      command: taken >= limit ? raiseLimit(crowded) : null,
    })
  }
  const full = rooms.find(({ taken, limit }) => taken >= limit * nearlyFull)
  if (full === undefined) return finding('room-for-members', 'OK', `${gauge(rooms)}.`)
  return finding('room-for-members', 'WARNING', `${placesOf(full)}.`, {
    why: 'A cluster whose members find no place there is refused.',
    whatToDo: 'Raise the limit where the cloud lets you, or make the next cluster in another project.',
    command: raiseLimit(full),
  })
}

/** Azure's limit is the cloud's, and Google Cloud's is settled when the service is made. */
const raiseLimit = ({ service, limit }: Room): string | null =>
  service.provider === 'AWS'
    ? `echo '{"value":${Math.ceil(limit * 1.5)}}' | postern api projects setGroupLimit --groupId ${service.groupId} --limitName atlas.project.deployment.nodesPerPrivateLinkRegion --file -`
    : null

export const serviceUsed = (facts: Facts): Finding => {
  const { services, everyEndpoint, about } = facts
  const used = new Set(everyEndpoint.map(({ serviceId }) => serviceId))
  const idle = services.find(({ id, status }) => status === 'AVAILABLE' && !used.has(id))
  if (services.length === 0) return finding('service-used', 'NOT_APPLICABLE', 'No endpoint service is concerned.')
  if (idle === undefined)
    return finding('service-used', 'OK', 'Every endpoint service that is concerned has an endpoint.')
  const [waiting] = waitingFor(facts, idle)
  const found =
    waiting === undefined
      ? `Endpoint service ${idle.id} in ${idle.region} has no endpoint.`
      : `Endpoint service ${idle.id} in ${idle.region} has no endpoint; ${nameOf(waiting.cloudId)} was made for it and is not attached.`
  // Nothing is broken by it, unless it is this very one that was asked about.
  return finding('service-used', about === 'SERVICE' ? 'WARNING' : 'OK', found, {
    why: 'Nobody comes in through it.',
    whatToDo: waiting === undefined ? `Create the consumer’s side, and attach it; ${setupHint(idle)}.` : 'Attach it.',
    command: waiting === undefined ? createConsumer(idle) : attachConsumer(idle, waiting),
  })
}

export const leftovers = (facts: Facts): Finding => {
  const { about, consumers, attached, everyService, services } = facts
  if (about !== 'INSTALLATION' && about !== 'SERVICE') {
    return finding('leftovers', 'NOT_APPLICABLE', 'Not all of the project was asked about.')
  }
  const own = new Set((about === 'INSTALLATION' ? everyService : services).map(({ id }) => id))
  const left = [...consumers].flatMap(([provider, all]) =>
    all
      .filter(
        ({ cloudId, serviceId, connection }) =>
          !attached.has(consumerKey(provider, cloudId)) &&
          (serviceId === null ? about === 'INSTALLATION' : own.has(serviceId) && connection === 'rejected'),
      )
      .map((consumer) => ({ provider, consumer })),
  )
  const [first] = left
  if (first === undefined) return finding('leftovers', 'OK', 'Nothing is left over in a cloud.')
  const names = left.slice(0, mostNamed).map(({ consumer }) => nameOf(consumer.cloudId))
  const more = left.length > mostNamed ? ` and ${left.length - mostNamed} more` : ''
  return finding(
    'leftovers',
    'WARNING',
    `Left over in their cloud, and attached to nothing: ${names.join(', ')}${more}.`,
    {
      why: 'They were made for endpoints or services that are gone; each holds an address, and real clouds charge for it.',
      whatToDo: 'Delete them there; or take the deletion back with `undo`, as long as that can be done.',
      command: removeConsumer(first.provider, first.consumer),
    },
  )
}

export const regionalMode = ({ about, regionalMode: { on, problem }, everyEndpoint, everyService }: Facts): Finding => {
  const used = new Set(everyEndpoint.map(({ serviceId }) => serviceId))
  const regions = new Set(
    everyService.filter(({ id }) => used.has(id)).map(({ provider, region }) => `${provider} ${region}`),
  )
  if ((about !== 'INSTALLATION' && about !== 'CLUSTER') || (regions.size < 2 && !on)) {
    return finding('regional-mode', 'NOT_APPLICABLE', 'There are no endpoints in several regions.')
  }
  const found = `Regionalized endpoints are ${on ? 'on' : 'off'}, with endpoints in ${[...regions].join(', ') || 'no region'}.`
  if (problem === null) return finding('regional-mode', 'OK', found)
  return finding('regional-mode', 'OK', `${found} They cannot be switched ${on ? 'off' : 'on'}: ${problem}.`, {
    why: on
      ? 'Without it fewer endpoints may stand beside each other.'
      : 'With it each endpoint leads to the routers of its own region alone.',
    whatToDo: 'Nothing, unless they are to be switched.',
    command: `postern privateEndpoints regionalModes ${on ? 'disable' : 'enable'}`,
  })
}
