// Whether somebody is connected to the members past the private endpoints. Pure.

import { type Finding, finding, quoted } from '@postern/contract/diagnosis'
import type { MemberSession } from '../../engines/member-sessions.ts'
import type { Facts } from './facts.ts'

const id = 'nobody-past-endpoint'
/** Applications that are named; of more, how many they are. */
const named = 5

export const nobodyPastEndpoint = ({ about, past }: Pick<Facts, 'about' | 'past'>): Finding => {
  if (about === 'INSTALLATION') return finding(id, 'NOT_APPLICABLE', 'No one cluster was asked about.')
  for (const look of past) {
    if (look.kind !== 'LOOKED' || look.past.length === 0) continue
    return finding(id, 'WARNING', `Connected to cluster ${look.clusterName} past its endpoints: ${told(look.past)}.`, {
      why: 'They dial the members themselves: no gateway logs or limits them, and they end with that way.',
      whatToDo: 'Give these applications the string of a private endpoint; then close the way to the members.',
      command: `postern clusters connectionStrings describe ${quoted(look.clusterName)} --type privateEndpoint`,
    })
  }
  for (const look of past) {
    if (look.kind === 'NOT_SHOWN') {
      return finding(id, 'COULD_NOT_TELL', `User ${look.user} may not see who is connected to ${look.clusterName}.`, {
        why: 'Members show the connections of others to whoever has the privilege inprog.',
        whatToDo: `On the deployment: db.getSiblingDB('admin').grantRolesToUser(${JSON.stringify(look.user)}, ['clusterMonitor']).`,
      })
    }
    if (look.kind === 'SILENT') {
      return finding(id, 'COULD_NOT_TELL', `Who is connected to ${look.clusterName} was not told by ${look.who}.`, {
        whatToDo: 'Look again; if it stays, look whether that runs.',
      })
    }
  }
  if (past.some(({ kind }) => kind === 'LOOKED')) {
    return finding(id, 'OK', 'Whoever is connected came through a private endpoint.')
  }
  return past.some(({ kind }) => kind === 'NO_ADMINISTRATOR')
    ? finding(
        id,
        'NOT_APPLICABLE',
        'The deployment was registered without an administrator: its members are not asked.',
      )
    : finding(id, 'NOT_APPLICABLE', 'No private endpoint leads to a cluster that is concerned.')
}

/** `shop (nodejs 7.9.0) from 10.0.0.7 as admin.app, 4 connections`; most first. */
function told(past: readonly MemberSession[]): string {
  const groups = new Map<string, MemberSession[]>()
  for (const session of past) {
    const who = `${session.appName ?? 'no appName'} (${session.driver ?? 'unknown driver'}) from ${session.host}`
    groups.set(who, [...(groups.get(who) ?? []), session])
  }
  const all = [...groups].sort(([, one], [, other]) => other.length - one.length)
  const shown = all.slice(0, named).map(([who, sessions]) => {
    // A driver's monitors sign nobody in.
    const users = new Set(sessions.flatMap(({ user }) => (user === null ? [] : [user])))
    const as = users.size === 0 ? '' : ` as ${[...users].sort().join(', ')}`
    return `${who}${as}, ${sessions.length} connection${sessions.length === 1 ? '' : 's'}`
  })
  return all.length > named ? `${shown.join('; ')}; and ${all.length - named} more` : shown.join('; ')
}
