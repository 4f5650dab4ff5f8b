// Certificates of private endpoints and standard listeners: whom clients are to trust, and the edge's door to get one for what
// it serves. Nothing is remembered of what was issued: a certificate ends by itself, and an endpoint that is gone is not
// admitted whatever certificate an edge still holds.

import { X509Certificate } from 'node:crypto'
import { isIP } from 'node:net'
import { speaksTls } from '@postern/contract/endpoint-policy'
import { AtlasError } from '@postern/contract/errors'
import type { Handlers } from '../../http/handler.ts'
import { type EdgeServes, servesGroup } from '../../identity/edge-identity.ts'
import type { Parts } from '../../parts.ts'
import { parseEdge } from '../edge/edge-name.ts'
import { standingOf } from '../edge/standing.ts'
import { parseAdvertised } from '../private-endpoint/advertised.ts'
import { parsePolicy } from '../private-endpoint/row.ts'
import { listenerAddress } from '../standard-listener/address.ts'
import { openListeners } from '../standard-listener/open.ts'
import { loadAuthority, signingKey } from './authority.ts'
import { type Subjects, subjectsOf } from './subjects.ts'

export const certificateHandlers = (parts: Parts): Handlers<'getCertificateAuthority' | 'createEdgeCertificate'> => ({
  getCertificateAuthority: async () => {
    const { certificate } = await loadAuthority(parts, 'endpoints')
    const notAfter = new Date(new X509Certificate(certificate).validTo)
    return { body: { certificate, notAfter: notAfter.toISOString() } }
  },

  createEdgeCertificate: async ({ params, body }) => {
    const { endpointId, csr } = body
    const serves = await standingOf(parts.store.read, parseEdge(params), 'gateway')()
    const subjects = await servedSubjects(parts, endpointId, serves)
    const authority = await loadAuthority(parts, 'endpoints')
    const { issueCertificate } = await import('./issue.ts')
    const { chain, notAfter } = await issueCertificate({
      authority: { certificate: authority.certificate, key: await signingKey(parts.seal, authority) },
      csr,
      endpointId,
      subjects,
      now: parts.clock.now(),
      random: parts.ids.hex(16),
    })
    parts.log.info({ edge: params.edge, endpointId, ...subjects, notAfter }, 'certificate issued')
    return { body: { endpointId, chain, notAfter: notAfter.toISOString() } }
  },
})

/** Of an endpoint or a standard listener that this edge is told to serve with TLS. Throws POSTERN_NO_SUCH_TLS_ENDPOINT. */
const servedSubjects = async (parts: Parts, id: string, serves: EdgeServes): Promise<Subjects> => {
  const subjects = (await endpointSubjects(parts, id, serves)) ?? (await listenerSubjects(parts, id, serves))
  if (subjects === null) throw new AtlasError('POSTERN_NO_SUCH_TLS_ENDPOINT', { endpointId: id })
  return subjects
}

const listenerSubjects = async (
  { store, settings }: Parts,
  id: string,
  serves: EdgeServes,
): Promise<Subjects | null> => {
  const row = await openListeners(store.read)
    .select(['cluster.name', 'group.hash', 'group.id as groupId', 'group.org_id as orgId'])
    .where('standard_listener.id', '=', id)
    .executeTakeFirst()
  if (row === undefined || !servesGroup(serves, { id: row.groupId, orgId: row.orgId })) return null
  const { name, host } = listenerAddress(row.name, row.hash, settings)
  const isAddress = isIP(host) !== 0
  return { names: isAddress ? [name] : [name, host], addresses: isAddress ? [host] : [] }
}

const endpointSubjects = async ({ store }: Parts, endpointId: string, serves: EdgeServes): Promise<Subjects | null> => {
  const row = await store.read
    .selectFrom('private_endpoint')
    .innerJoin('group', 'group.id', 'private_endpoint.group_id')
    .select(['advertised', 'form', 'policy', 'group.id as groupId', 'group.org_id as orgId'])
    .where('private_endpoint.id', '=', endpointId)
    .where('phase', 'in', ['ACCEPTED', 'AVAILABLE'])
    .where('delete_requested', '=', false)
    .executeTakeFirst()
  const isServed = row !== undefined && servesGroup(serves, { id: row.groupId, orgId: row.orgId })
  if (row?.advertised == null || !isServed || !speaksTls(row.form, parsePolicy(row.policy))) return null
  return subjectsOf(parseAdvertised(row.advertised))
}
