// The control plane's checks as a table: pure functions from facts to a finding. Which comes first, and which is only a
// consequence of another, is the contract's list to say.

import { type Finding, finding, joinFindings, quoted } from '@postern/contract/diagnosis'
import { isSharedTier } from '../cluster/connection-strings.ts'
import type { LoadedCluster } from '../cluster/rows.ts'
import { isInScope, parseApplied, parseUserSpec } from '../database-user/user.ts'
import type { EndpointFacts, Facts } from './facts.ts'
import { edgesCurrent, edgesHeard, edgesServe } from './judge-edges.ts'

/** Atlas promises three to five minutes; twice that is long. */
const longMs = 10 * 60_000

export const judge = (facts: Facts): readonly Finding[] => joinFindings(judges.map((each) => each(facts)))

const targetKnown = ({ about, question, hosts }: Facts): Finding => {
  if (about === 'NOTHING') {
    return finding('target-known', 'FAILED', `The project has no cluster and no private endpoint ${question.target}.`, {
      why: 'Names of clusters and ids of endpoints belong to one project.',
      whatToDo: 'Look for it in the lists; name another project with --projectId.',
      command: 'postern clusters list',
    })
  }
  if (about !== 'HOSTS') return finding('target-known', 'OK', 'It is known.')
  if (hosts.unknown.length === 0) return finding('target-known', 'OK', 'Every host of the string is known.')
  const all = hosts.unknown.length === question.hosts?.length
  const found = `No private endpoint and no member of the project has ${hosts.unknown.join(', ')}.`
  return finding('target-known', all ? 'FAILED' : 'WARNING', found, {
    why: 'Addresses and names of an endpoint end with it: a string that was copied before leads nowhere.',
    whatToDo: "Take the cluster's connection string anew, or name the string's project with --projectId.",
    command: 'postern clusters connectionStrings describe <clusterName> --type privateEndpoint',
  })
}

const throughEndpoint = ({ about, hosts }: Facts): Finding => {
  if (about !== 'HOSTS') return finding('through-endpoint', 'NOT_APPLICABLE', 'No connection string was given.')
  if (hosts.members.length === 0) {
    return finding('through-endpoint', 'OK', 'The string does not go to members directly.')
  }
  return finding('through-endpoint', 'WARNING', `${hosts.members.join(', ')} are the members themselves.`, {
    why: 'This is the standard string: it goes past every private endpoint.',
    whatToDo: 'Use the string of a private endpoint.',
    command: 'postern clusters connectionStrings describe <clusterName> --type privateEndpoint',
  })
}

const serviceMade = ({ services, now, about }: Facts): Finding => {
  if (services.length === 0) return finding('service-made', 'NOT_APPLICABLE', 'No endpoint service is concerned.')
  const broken = services.find(({ status }) => status === 'FAILED')
  const cloud = (provider: string): string => `postern privateEndpoints ${provider.toLowerCase()}`
  if (broken !== undefined) {
    const found = `Endpoint service ${broken.id} in ${broken.region} is FAILED: ${broken.error_message ?? 'no reason is known'}`
    return finding('service-made', 'FAILED', found, {
      why: 'No endpoint can be attached to it.',
      whatToDo: 'Put right what the reason names; else delete it and create it again.',
      command: `${cloud(broken.provider)} delete ${broken.id}`,
    })
  }
  const waiting = services.find(
    ({ status, created }) => status === 'INITIATING' && (about !== 'INSTALLATION' || now - created.getTime() > longMs),
  )
  if (waiting === undefined) return finding('service-made', 'OK', 'Every endpoint service that is concerned is made.')
  const minutes = Math.floor((now - waiting.created.getTime()) / 60_000)
  const found = `Endpoint service ${waiting.id} in ${waiting.region} has been INITIATING for ${minutes} min.`
  return finding('service-made', 'WARNING', found, {
    why: 'Endpoints are accepted only when it is AVAILABLE.',
    whatToDo: 'Wait for it; if it takes longer than ten minutes, read the log of the control plane.',
    command: `${cloud(waiting.provider)} watch ${waiting.id}`,
  })
}

const endpointAccepted = ({ endpoints, now, about }: Facts): Finding => {
  if (endpoints.length === 0) return finding('endpoint-accepted', 'NOT_APPLICABLE', 'No endpoint is concerned.')
  const command = ({ provider, cloud_id, service_id }: EndpointFacts, verb: string): string =>
    `postern privateEndpoints ${provider.toLowerCase()} interfaces ${verb} ${quoted(cloud_id)} --endpointServiceId ${service_id}`
  const refused = endpoints.find(({ phase }) => phase === 'REFUSED')
  if (refused !== undefined) {
    const found = `Private endpoint ${refused.cloud_id} was refused: ${refused.error_message ?? 'no reason is known'}`
    return finding('endpoint-accepted', 'FAILED', found, {
      why: 'The gateway admits nobody through an endpoint that is not AVAILABLE.',
      whatToDo: 'Do what the reason says, then delete this one and attach the right one.',
      command: command(refused, 'delete'),
    })
  }
  const leaving = endpoints.find((each) => each.delete_requested || each.phase === 'DELETING')
  if (leaving !== undefined && about !== 'INSTALLATION') {
    return finding('endpoint-accepted', 'FAILED', `Private endpoint ${leaving.cloud_id} is being deleted.`, {
      why: 'Its connections are ended and no new one is admitted.',
      whatToDo: leaving.error_message ?? 'Use the string of another endpoint.',
    })
  }
  const isLong = ({ created }: EndpointFacts): boolean => now - created.getTime() > longMs
  const waiting = endpoints.find(
    (each) => ['REQUESTED', 'ACCEPTED'].includes(each.phase) && (about !== 'INSTALLATION' || isLong(each)),
  )
  if (waiting !== undefined) {
    const step = waiting.phase === 'REQUESTED' ? 'its cloud has not shown it yet' : 'the edges are being told of it'
    return finding(
      'endpoint-accepted',
      'WARNING',
      `Private endpoint ${waiting.cloud_id} is not AVAILABLE yet: ${step}.`,
      {
        why: 'Until then whoever dials it is refused.',
        whatToDo: waiting.error_message ?? 'Wait for it.',
        command: command(waiting, 'watch'),
      },
    )
  }
  const noted = endpoints.find(({ error_message }) => error_message !== null)
  if (noted === undefined) return finding('endpoint-accepted', 'OK', 'Every endpoint that is concerned is AVAILABLE.')
  return finding('endpoint-accepted', 'WARNING', `Private endpoint ${noted.cloud_id}: ${noted.error_message}`, {
    why: 'It is AVAILABLE, but not everywhere.',
    whatToDo: 'Do what the sentence says.',
  })
}

const isPaused = ({ spec }: LoadedCluster): boolean => spec.paused

const clusterRunning = ({ clusters, about }: Facts): Finding => {
  if (about === 'INSTALLATION' || clusters.length === 0) {
    return finding('cluster-running', 'NOT_APPLICABLE', 'No one cluster is concerned.')
  }
  const paused = clusters.find(isPaused)
  if (paused !== undefined) {
    return finding('cluster-running', 'FAILED', `Cluster ${paused.row.name} is paused.`, {
      why: 'Its members do not run: connections reach the gateway and find nobody behind it.',
      whatToDo: 'Resume it.',
      command: `postern clusters start ${paused.row.name}`,
    })
  }
  const other = clusters.find(({ strings }) => ['CREATING', 'DELETING'].includes(strings.state))
  if (other === undefined) return finding('cluster-running', 'OK', 'The cluster runs.')
  return finding('cluster-running', 'FAILED', `Cluster ${other.row.name} is ${other.strings.state}.`, {
    why: 'It has connection strings only while it is there.',
    whatToDo: other.strings.state === 'CREATING' ? 'Wait for it.' : 'Use another cluster.',
    command: other.strings.state === 'CREATING' ? `postern clusters watch ${other.row.name}` : null,
  })
}

const clusterTier = ({ clusters, about }: Facts): Finding => {
  const shared = about === 'INSTALLATION' ? undefined : clusters.find(({ strings }) => isSharedTier(strings.tier))
  if (shared === undefined) return finding('cluster-tier', 'OK', 'The tier has private endpoints.')
  const found = `Cluster ${shared.row.name} is of tier ${shared.strings.tier}, which has no private endpoints.`
  return finding('cluster-tier', 'FAILED', found, {
    why: 'M0, M2, M5 and Flex clusters never get a private connection string.',
    whatToDo: 'Make a cluster of tier M10 or larger.',
  })
}

const regionsCovered = ({ about, missing, roads, services }: Facts): Finding => {
  if (about !== 'CLUSTER') return finding('regions-covered', 'NOT_APPLICABLE', 'No one cluster was asked about.')
  const [first] = missing
  if (first === undefined) {
    return finding('regions-covered', 'OK', 'Every region of the cluster has an AVAILABLE private endpoint.')
  }
  const where = missing.map(({ provider, regions }) => `${provider} ${regions.join(', ')}`).join('; ')
  const cloud = first.provider.toLowerCase()
  const made = services.find(({ status }) => status === 'AVAILABLE' || status === 'WAITING_FOR_USER')
  const create = {
    aws: 'aws create-vpc-endpoint',
    azure: 'azure private-endpoint create --name <name>',
    gcp: 'gcp forwarding-rule create <name>',
  }
  const attach = `postern local ${create[cloud as keyof typeof create]} --endpoint-service-id ${made?.id}`
  return finding(
    'regions-covered',
    roads.length > 0 ? 'WARNING' : 'FAILED',
    `No AVAILABLE private endpoint in: ${where}.`,
    {
      why: 'A private string names every member, so each region of the cluster at a cloud needs an endpoint there.',
      whatToDo:
        made === undefined
          ? 'Create an endpoint service there, then an endpoint, and attach it.'
          : `Endpoint service ${made.id} is there and has none: create an endpoint and attach it.`,
      command:
        made === undefined ? `postern privateEndpoints ${cloud} create --region ${first.regions[0] ?? ''}` : attach,
    },
  )
}

const deploymentAnswers = ({ clusters }: Facts): Finding => {
  const silent = clusters.find((each) => !isPaused(each) && each.row.error_message !== null)
  if (silent === undefined) return finding('deployment-answers', 'OK', 'Every deployment that is concerned answers.')
  return finding('deployment-answers', 'FAILED', `Cluster ${silent.row.name}: ${silent.row.error_message}`, {
    why: 'The gateway dials the same members.',
    whatToDo: 'Do what the sentence says; look whether the members run and can be reached from here.',
    command: `postern clusters describe ${silent.row.name} -o json`,
  })
}

const memberAnswers = ({ clusters }: Facts): Finding => {
  const running = clusters.filter((each) => !isPaused(each) && each.strings.state !== 'CREATING')
  if (running.length === 0) return finding('member-answers', 'NOT_APPLICABLE', 'No running cluster is concerned.')
  for (const { row, strings } of running) {
    const away = strings.members.filter(({ role }) => role === 'unknown').map(({ hostPort }) => hostPort)
    if (away.length === 0) continue
    const all = away.length === strings.members.length
    const found = `Of cluster ${row.name} the control plane hears nothing from ${away.join(', ')}.`
    return finding('member-answers', all ? 'FAILED' : 'WARNING', found, {
      why: 'Connections to that member are refused by the gateway; the others carry on if a primary is among them.',
      whatToDo: 'Start the member again; its own log says why it ended.',
      command: `postern clusters describe ${row.name} -o json`,
    })
  }
  return finding('member-answers', 'OK', 'Every member was heard of.')
}

const userKnown = ({ question, user, clusters }: Facts): Finding => {
  const { username } = question
  if (username === undefined) return finding('user-known', 'NOT_APPLICABLE', 'The string names no user.')
  if (user !== undefined) return finding('user-known', 'OK', `The project has the database user ${username}.`)
  if (clusters.length === 0 || clusters.some(({ row }) => row.engine === 'registered')) {
    return finding('user-known', 'NOT_APPLICABLE', `${username} is none of the project’s; the deployment may have it.`)
  }
  return finding(
    'user-known',
    'FAILED',
    `The project has no database user ${username} in ${question.databaseName ?? 'admin'}.`,
    {
      why: 'A user that was deleted, or that belongs to another database, is not let in.',
      whatToDo: 'Create it, or correct user name and authSource in the string.',
      command: `postern dbusers create readWriteAnyDatabase --username ${quoted(username)}`,
    },
  )
}

const userInScope = ({ user, clusters }: Facts): Finding => {
  if (user === undefined) return finding('user-in-scope', 'NOT_APPLICABLE', 'No user of the project is concerned.')
  const closed = clusters.find(({ row }) => !isInScope(parseUserSpec(user.spec), row.name))
  if (closed === undefined) return finding('user-in-scope', 'OK', 'The user’s scopes let it in.')
  return finding('user-in-scope', 'FAILED', `User ${user.username} is not for cluster ${closed.row.name}.`, {
    why: 'Its scopes name other clusters, so that this one does not have it.',
    whatToDo: 'Add the cluster to its scopes, or take another user.',
    command: `postern dbusers describe ${quoted(user.username)} -o json`,
  })
}

const userApplied = ({ user, clusters }: Facts): Finding => {
  if (user === undefined) return finding('user-applied', 'NOT_APPLICABLE', 'No user of the project is concerned.')
  const applied = parseApplied(user.applied)
  const late = clusters.find(({ row }) => applied.get(row.id) !== user.wish)
  if (late === undefined) return finding('user-applied', 'OK', 'The deployment has the newest wish for the user.')
  return finding(
    'user-applied',
    'WARNING',
    `Cluster ${late.row.name} does not have user ${user.username} as it is wished.`,
    {
      why: user.error_message ?? 'It is given to the deployment as soon as that can be reached.',
      whatToDo: 'Wait a moment, and look again.',
      command: `postern dbusers describe ${quoted(user.username)}`,
    },
  )
}

const judges: readonly ((facts: Facts) => Finding)[] = [
  edgesHeard,
  edgesCurrent,
  edgesServe,
  targetKnown,
  throughEndpoint,
  serviceMade,
  endpointAccepted,
  clusterRunning,
  clusterTier,
  regionsCovered,
  deploymentAnswers,
  memberAnswers,
  userKnown,
  userInScope,
  userApplied,
]
