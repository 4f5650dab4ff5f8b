// The control plane's checks as a table: pure functions from facts to a finding. Which comes first, and which is only a
// consequence of another, is the contract's list to say.

import { type Finding, finding, joinFindings, quoted } from '@postern/contract/diagnosis'
import type { Facts } from './facts.ts'
import { clusterRunning, clusterTier, deploymentAnswers, memberAnswers, regionsCovered } from './judge-clusters.ts'
import { edgesBelieve, edgesCurrent, edgesHeard, edgesRelease, edgesServe } from './judge-edges.ts'
import { endpointAccepted, lastEndpoint, portBlock } from './judge-endpoints.ts'
import { hiddenMembers } from './judge-hidden.ts'
import { nobodyPastEndpoint } from './judge-past.ts'
import { leftovers, regionalMode, roomForMembers, serviceMade, serviceUsed } from './judge-services.ts'
import { userApplied, userInScope, userKnown } from './judge-users.ts'

export const judge = (facts: Facts): readonly Finding[] => joinFindings(judges.map((each) => each(facts)))

/** A person is asked as themselves; a program by the keys that it uses. */
const mayChange = ({ mayChange: may, askedBy }: Facts): Finding => {
  const person = askedBy === 'USER'
  const who = person ? 'You' : 'The keys'
  if (may) return finding('may-change', 'OK', `${who} may create and delete endpoint services and endpoints.`)
  return finding('may-change', 'OK', `${who} may look, and create or delete nothing.`, {
    why: 'That takes the role Project Owner.',
    whatToDo: person
      ? 'Whoever has that role may change something, or give it to you under Access Manager.'
      : 'For the commands that change something use keys of an owner.',
  })
}

const targetKnown = ({ about, question, hosts }: Facts): Finding => {
  if (about === 'NOTHING') {
    return finding(
      'target-known',
      'FAILED',
      `The project has no cluster, no endpoint service and no private endpoint ${question.target}.`,
      {
        why: 'Names of clusters and ids of endpoints belong to one project.',
        whatToDo: 'Look for it in the lists; name another project with --projectId.',
        command: 'postern clusters list',
      },
    )
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

const throughEndpoint = ({ about, hosts, privateOnly }: Facts): Finding => {
  if (about !== 'HOSTS') {
    const alone = privateOnly ? ' The project is private only: no standard one is handed out.' : ''
    return finding('through-endpoint', 'NOT_APPLICABLE', `No connection string was given.${alone}`)
  }
  if (hosts.gateway.length > 0) {
    return finding('through-endpoint', 'FAILED', `${hosts.gateway.join(', ')} is the gateway itself.`, {
      why: 'It lets in only what a private endpoint brings, with a PROXY header that says which; a driver sends none.',
      whatToDo: 'Use the string of a private endpoint.',
      command: 'postern clusters connectionStrings describe <clusterName> --type privateEndpoint',
    })
  }
  const [closed] = hosts.listeners.filter(({ listener }) => !listener.open)
  if (closed !== undefined) {
    const { clusterName } = closed.listener
    return finding('through-endpoint', 'FAILED', `${closed.host} is the standard listener of ${clusterName}: closed.`, {
      why: privateOnly
        ? 'The project is private only: its standard listeners are closed, and who came through them was ended.'
        : 'Whoever owns the cluster has turned it off.',
      whatToDo: 'Use the string of a private endpoint, or open the listener again.',
      command: `postern clusters connectionStrings describe ${quoted(clusterName)}`,
    })
  }
  const [deserted] = hosts.listeners.filter(({ listener }) => listener.letsIn === 0)
  if (deserted !== undefined) {
    const { clusterName } = deserted.listener
    const found = `${deserted.host} is the standard listener of ${clusterName}, and nobody is let in there.`
    return finding('through-endpoint', 'FAILED', found, {
      why: 'No address is on the IP access list of the project; an entry of an AWS security group lets nobody in.',
      whatToDo: 'Add the address that clients come from.',
      command: 'postern accessLists create --currentIp',
    })
  }
  if (hosts.listeners.length > 0 && hosts.members.length === 0) {
    const names = [...new Set(hosts.listeners.map(({ listener }) => listener.clusterName))].join(', ')
    return finding('through-endpoint', 'OK', `The string goes through the standard listener of ${names}.`, {
      why: 'It is for addresses of the IP access list of the project, and goes past every private endpoint.',
    })
  }
  if (hosts.members.length === 0) {
    return finding('through-endpoint', 'OK', 'The string does not go to members directly.')
  }
  return finding('through-endpoint', 'WARNING', `${hosts.members.join(', ')} are the members themselves.`, {
    why: privateOnly
      ? 'It goes past every private endpoint, though the project is private only: that hides members’ own ports and closes none.'
      : 'This is the standard string: it goes past every private endpoint.',
    whatToDo: privateOnly
      ? 'Use the string of a private endpoint, and let a firewall close the members’ own ports.'
      : 'Use the string of a private endpoint.',
    command: 'postern clusters connectionStrings describe <clusterName> --type privateEndpoint',
  })
}

const judges: readonly ((facts: Facts) => Finding)[] = [
  mayChange,
  edgesHeard,
  edgesCurrent,
  edgesRelease,
  edgesServe,
  edgesBelieve,
  targetKnown,
  throughEndpoint,
  serviceMade,
  roomForMembers,
  endpointAccepted,
  serviceUsed,
  lastEndpoint,
  leftovers,
  clusterRunning,
  clusterTier,
  regionsCovered,
  regionalMode,
  deploymentAnswers,
  portBlock,
  hiddenMembers,
  nobodyPastEndpoint,
  memberAnswers,
  userKnown,
  userInScope,
  userApplied,
]
