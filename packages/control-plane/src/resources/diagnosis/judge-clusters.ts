// The clusters that are concerned: running, of a tier that has private endpoints, covered in every region, heard of. Pure.

import { type Finding, finding } from '@postern/contract/diagnosis'
import { isSharedTier } from '../cluster/connection-strings.ts'
import type { LoadedCluster } from '../cluster/rows.ts'
import type { Facts } from './facts.ts'
import { createConsumer, setupHint } from './remedy.ts'

const isPaused = ({ spec }: LoadedCluster): boolean => spec.paused

export const clusterRunning = ({ clusters, about }: Facts): Finding => {
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

export const clusterTier = ({ clusters, about }: Facts): Finding => {
  const shared = about === 'INSTALLATION' ? undefined : clusters.find(({ strings }) => isSharedTier(strings.tier))
  if (shared === undefined) return finding('cluster-tier', 'OK', 'The tier has private endpoints.')
  const found = `Cluster ${shared.row.name} is of tier ${shared.strings.tier}, which has no private endpoints.`
  return finding('cluster-tier', 'FAILED', found, {
    why: 'M0, M2, M5 and Flex clusters never get a private connection string.',
    whatToDo: 'Make a cluster of tier M10 or larger.',
  })
}

export const regionsCovered = ({ about, missing, roads, services }: Facts): Finding => {
  if (about !== 'CLUSTER') return finding('regions-covered', 'NOT_APPLICABLE', 'No one cluster was asked about.')
  const [first] = missing
  if (first === undefined) {
    return finding('regions-covered', 'OK', 'Every region of the cluster has an AVAILABLE private endpoint.')
  }
  const where = missing.map(({ provider, regions }) => `${provider} ${regions.join(', ')}`).join('; ')
  const cloud = first.provider.toLowerCase()
  const made = services.find(({ status }) => status === 'AVAILABLE' || status === 'WAITING_FOR_USER')
  return finding(
    'regions-covered',
    roads.length > 0 ? 'WARNING' : 'FAILED',
    `No AVAILABLE private endpoint in: ${where}.`,
    {
      why:
        roads.length > 0
          ? 'Applications there have no endpoint of their own; those of the other clouds lead to every member.'
          : 'A private string names every member, so each region of the cluster at a cloud needs an endpoint there.',
      whatToDo:
        made === undefined
          ? 'Create an endpoint service there, then an endpoint, and attach it.'
          : `Endpoint service ${made.id} is there and has none: create an endpoint and attach it; ${setupHint(made)}.`,
      command:
        made === undefined
          ? `postern privateEndpoints ${cloud} create --region ${first.regions[0] ?? ''}`
          : createConsumer(made),
    },
  )
}

export const deploymentAnswers = ({ clusters }: Facts): Finding => {
  const silent = clusters.find((each) => !isPaused(each) && each.row.error_message !== null)
  if (silent === undefined) return finding('deployment-answers', 'OK', 'Every deployment that is concerned answers.')
  return finding('deployment-answers', 'FAILED', `Cluster ${silent.row.name}: ${silent.row.error_message}`, {
    why: 'The gateway dials the same members.',
    whatToDo: 'Do what the sentence says; look whether the members run and can be reached from here.',
    command: `postern clusters describe ${silent.row.name} -o json`,
  })
}

export const memberAnswers = ({ clusters }: Facts): Finding => {
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
