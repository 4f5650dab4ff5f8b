// What a deletion would cut, in sentences. Pure.

import type { ReplyOf } from '@postern/contract/schemas/operations'

export type Deletion = ReplyOf<'previewGroupPrivateEndpointDeletion'>

export function whatIsCut(deletion: Deletion): readonly string[] {
  const { connections, clusters, appNames, connectionStrings, endpointServiceGoes, endpointIds } = deletion
  return [
    connectionsCut(
      connections,
      names(clusters.map(({ clusterName }) => clusterName)),
      names(appNames.map(({ appName }) => appName)),
    ),
    ...deletion.unansweredEdges.map((edge) => `Gateway ${edge} did not answer; its connections are not counted.`),
    ...connectionStrings.map(
      ({ clusterName, srv }) => `The private connection string of ${clusterName} stops working: ${srv}`,
    ),
    ...(connectionStrings.length === 0 ? ['No private connection string depends on it.'] : []),
    ...(endpointServiceGoes
      ? [endpointIds.length === 0 ? 'The endpoint service goes.' : 'The endpoint service goes with it.']
      : ['The endpoint service stays.']),
    undone(deletion.undoMinutes),
  ]
}

const names = (some: readonly (string | null)[]): string => some.filter((name) => name !== null).join(', ')

function connectionsCut(count: number, clusters: string, appNames: string): string {
  if (count === 0) return 'Nobody is connected through it at the moment.'
  const to = clusters === '' ? '' : ` to ${clusters}`
  const of = appNames === '' ? '' : `, of ${appNames}`
  return `${count === 1 ? '1 live connection is' : `${count} live connections are`} cut${to}${of}.`
}

const undone = (minutes: number): string =>
  minutes === 0 ? 'It cannot be taken back.' : `It can be taken back for ${lasting(minutes)}.`

/** In hours where they are whole. */
const lasting = (minutes: number): string =>
  minutes % 60 === 0 ? counted(minutes / 60, 'hour') : counted(minutes, 'minute')
const counted = (many: number, unit: string): string => `${many} ${unit}${many === 1 ? '' : 's'}`
